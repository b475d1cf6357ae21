/** What the traces of a test are. */
export interface PartitionedShape {
  readonly channels: number;
  /** Of the first channel; each has a share less than the one before. */
  readonly requests: number;
  readonly form: "loadstore" | "timed";
}

/** Traces `t.ch0`, `t.ch1`, … for a memory with accesses of 32 bytes whose channel is the lowest part of an address. */
export function partitionedTraces({ channels, requests, form }: PartitionedShape): Record<string, string> {
  const files: Record<string, string> = {};
  for (let channel = 0; channel < channels; channel++) {
    const count = Math.ceil((requests * (channels - channel)) / channels);
    const lines = Array.from({ length: count }, (_, i) => {
      const block = i % 4 === 3 ? (i * 7919) % 65_536 : i;
      const address = `0x${(32 * (block * channels + channel)).toString(16)}`;
      const write = i % 5 === 0;
      return form === "timed" ? `${3 * i} ${write ? "W" : "R"} ${address}\n` : `${write ? "ST" : "LD"} ${address}\n`;
    });
    files[`t.ch${channel}`] = lines.join("");
  }
  return files;
}
