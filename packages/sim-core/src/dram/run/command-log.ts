/**
 * The command log, text-identical to what the recorders of Ramulator 2.0 and 2.1 write: one file per channel.
 */
import type { CommandObserver, IssuedCommand } from "../engine/channel-door.ts";
import type { DramSpec } from "../spec/dram-spec.ts";

/** The first line of a log; empty for profile `r20`, which has none. */
export function commandLogHeader(spec: DramSpec): string {
  return spec.profile === "r20" ? "" : `clock,command,${spec.levels.join(",")},type,source\n`;
}

/** Writes each command as a line. `source` is what the log of `r21` shows as the source of reads and writes. */
export class CommandLog implements CommandObserver {
  readonly #spec: DramSpec;
  readonly #write: (channel: number, line: string) => void;
  readonly #source: number;

  constructor(spec: DramSpec, write: (channel: number, line: string) => void, source: 0 | -1 = -1) {
    this.#spec = spec;
    this.#write = write;
    this.#source = source;
  }

  issued(command: IssuedCommand): void {
    const { channel, clk, kind } = command;
    const vector = this.#vectorOf(command);
    const { name } = this.#spec.commands[command.command]!;
    if (this.#spec.profile === "r20") this.#write(channel, `${clk}, ${name}, ${vector.join(", ")}\n`);
    else this.#write(channel, `${clk},${name},${vector.join(",")},${kind},${kind < 0 ? -1 : this.#source}\n`);
  }

  #vectorOf({ channel, bank, level, row, column }: IssuedCommand): number[] {
    const { bankLevel, counts } = this.#spec;
    const vector = new Array<number>(bankLevel + 3).fill(-1);
    let rest = bank;
    for (let at = bankLevel; at > 0; at--) {
      if (at <= level) vector[at] = rest % counts[at]!;
      rest = Math.floor(rest / counts[at]!);
    }
    vector[0] = channel;
    vector[bankLevel + 1] = row;
    vector[bankLevel + 2] = column;
    return vector;
  }
}
