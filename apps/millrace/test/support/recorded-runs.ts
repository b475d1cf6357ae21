import { readFileSync } from "node:fs";
import { testData } from "./folder.ts";

/** Parameters of a generated trace. */
export interface TraceParameters {
  readonly pattern: "seq" | "random" | "burst";
  readonly n: number;
  readonly gran: number;
  readonly seed?: number;
  readonly writePermille?: number;
  readonly maxBurst?: number;
  readonly meanGap?: number;
  readonly gapSeed?: number;
}

/** A run as Ramulator did it. */
export interface RecordedRun {
  readonly id: string;
  readonly profile: "r20" | "r21";
  readonly config: {
    readonly dram: string;
    readonly org: string | { readonly preset: string; readonly channel: number; readonly rank?: number };
    readonly timing: string;
    readonly mapper: string;
    readonly channels?: number;
    readonly refresh?: string;
    readonly scheduler?: string;
    readonly policy?: string;
    readonly rowPolicy?: string;
    readonly cap?: number | null;
    readonly overrides?: { readonly rank?: number };
  };
  readonly clockRatio: readonly [number, number];
  readonly trace: TraceParameters;
  readonly timed?: boolean;
  readonly cycles: number;
  /** Counters by channel number. */
  readonly channels: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly commandLogSha256: Readonly<Record<string, string>>;
}

export const recordedRuns: readonly RecordedRun[] = JSON.parse(
  readFileSync(`${testData}/dram/recorded-runs.json`, "utf8"),
);

/** The configuration of a run in Ramulator's schema. */
export function yamlOf({ config, clockRatio }: RecordedRun): string {
  const org = typeof config.org === "string" ? { preset: config.org, channel: config.channels! } : config.org;
  const rank = "rank" in org ? org.rank : config.overrides?.rank;
  return `Frontend: {impl: LoadStoreTrace, clock_ratio: ${clockRatio[0]}}
MemorySystem:
  impl: GenericDRAM
  clock_ratio: ${clockRatio[1]}
  DRAM:
    impl: ${config.dram}
    org: {preset: ${org.preset}, channel: ${org.channel}${rank === undefined ? "" : `, rank: ${rank}`}}
    timing: {preset: ${config.timing}}
  Controller:
    impl: Generic
    Scheduler: {impl: ${config.scheduler ?? "FRFCFS"}}
    RefreshManager: {impl: ${config.refresh ?? "AllBank"}}
    RowPolicy:
      impl: ${config.policy ?? config.rowPolicy}
${config.cap ? `      cap: ${config.cap}\n` : ""}    plugins:
  AddrMapper: {impl: ${config.mapper}}
`;
}

/** The trace of a run: the generator that the recordings were made with. */
export function traceOf({ trace, timed = false }: RecordedRun): string {
  const { pattern, n, gran, writePermille = 0, meanGap = 0 } = trace;
  const span = 2 ** 30;
  const next = xorshift32(trace.seed ?? 1);
  const gap = xorshift32(trace.gapSeed ?? 1);
  const lines: string[] = [];
  let [arrival, left, block] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    let address = (i * gran) % span;
    if (pattern === "random") address = (next() % (span / gran)) * gran;
    if (pattern === "burst") {
      if (left === 0) [block, left] = [next() % (span / gran), 1 + (next() % trace.maxBurst!)];
      address = (block++ % (span / gran)) * gran;
      left--;
    }
    const write = writePermille > 0 && next() % 1000 < writePermille;
    if (meanGap > 0) arrival += gap() % (2 * meanGap + 1);
    const hex = `0x${address.toString(16)}`;
    lines.push(timed ? `${arrival} ${write ? "W" : "R"} ${hex}\n` : `${write ? "ST" : "LD"} ${hex}\n`);
  }
  return lines.join("");
}

function xorshift32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
