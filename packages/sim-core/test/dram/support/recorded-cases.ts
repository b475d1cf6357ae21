// The recorded results, and the configurations they were made with.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { MappingName } from "../../../src/dram/address/address-map.ts";
import type { DramConfiguration } from "../../../src/dram/run/dram-system.ts";
import type { DramSpec, Profile } from "../../../src/dram/spec/dram-spec.ts";
import { readSpec } from "../../../src/dram/spec/read-spec.ts";
import { generateTrace, type TracePattern, Xorshift32 } from "./generate-trace.ts";
import type { DramRequest } from "./request.ts";

export interface VectorTrace {
  readonly kind: "vectors";
  readonly n: number;
  readonly seed: number;
  readonly rows: number;
  readonly writePermille: number;
}

interface RecordedConfiguration {
  readonly dram: string;
  readonly org: string | { readonly preset: string; readonly channel: number; readonly rank?: number };
  readonly timing: string;
  readonly mapper: string;
  readonly policy?: string;
  readonly rowPolicy?: string;
  readonly channels?: number;
  readonly refresh?: string;
  readonly scheduler?: string;
  readonly cap?: number | null;
}

export interface RecordedCase {
  readonly id: string;
  readonly config: RecordedConfiguration;
  readonly configName?: string;
  readonly mode?: string;
  readonly frontendClockRatio?: number;
  readonly memoryClockRatio?: number;
  readonly trace: TracePattern | VectorTrace;
  readonly traceSha256: string;
  readonly expected: Record<string, unknown> & {
    readonly end_cycle?: number;
    readonly memory_system_cycles?: number;
    readonly channels?: Record<string, Record<string, number>>;
    readonly totals?: Record<string, number>;
    readonly acceptDepartSha256?: string;
    readonly first50?: readonly (readonly [number, number])[];
  };
  readonly commandTrace?: { readonly sha256: Record<string, string>; readonly histogram: Record<string, number> };
  readonly commandTraceSha256?: string | Record<string, string>;
  readonly commandTraceText?: Record<string, string>;
  readonly speed?: { readonly cpuSeconds: number };
  readonly cpuSeconds?: number;
}

const folder = new URL("../../data/ramulator/", import.meta.url);

export function readRecorded<T = { readonly cases: readonly RecordedCase[] }>(name: string): T {
  return JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, folder))).toString()) as T;
}

export const specDocuments: Record<string, unknown> = readRecorded<Record<string, unknown>>("specs");

export const specNames: readonly string[] = Object.keys(specDocuments);

const specs = new Map<string, DramSpec>();

export function recordedSpec(name: string): DramSpec {
  let spec = specs.get(name);
  if (spec === undefined) {
    spec = readSpec(specDocuments[name], name);
    specs.set(name, spec);
  }
  return spec;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function isVectorTrace(trace: TracePattern | VectorTrace): trace is VectorTrace {
  return "kind" in trace;
}

export function requestsOf({ trace }: RecordedCase, spec: DramSpec): DramRequest[] {
  return isVectorTrace(trace) ? generateVectors(trace, spec) : generateTrace(trace);
}

/** Draws every level between channel and row, the row, the column, and whether it is a write. */
function generateVectors({ n, seed, rows, writePermille }: VectorTrace, spec: DramSpec): DramRequest[] {
  const rng = new Xorshift32(seed);
  const row = spec.bankLevel + 1;
  return Array.from({ length: n }, () => {
    const vector = spec.levels.map(() => 0);
    for (let level = 1; level < row; level++) vector[level] = rng.next() % spec.counts[level]!;
    vector[row] = rng.next() % rows;
    vector[row + 1] = rng.next() % (spec.counts[row + 1]! / spec.prefetch);
    return { address: -1, write: rng.next() % 1000 < writePermille, arrival: 0, vector };
  });
}

const refreshes: Record<string, DramConfiguration["refresh"]> = {
  AllBank: "all-bank",
  NoRefresh: "none",
  HBM34PerBankRefresh: "per-bank",
};

export function configurationOf(recorded: RecordedCase, profile: Profile): DramConfiguration {
  const { config } = recorded;
  const name = recorded.configName ?? recorded.id.split("__")[1]!;
  return {
    spec: recordedSpec(`${profile}-${name}`),
    channels: typeof config.org === "string" ? config.channels! : config.org.channel,
    mapping: config.mapper === "PassThroughAddrMapper" ? "RoBaRaCoCh" : (config.mapper as MappingName),
    refresh: refreshes[config.refresh ?? "AllBank"]!,
    rowPolicy: /Closed/.test(config.policy ?? config.rowPolicy!) ? "closed" : "open",
    cap: config.cap ?? 4,
    scheduler: config.scheduler === "FRFCFSRowHit" ? "frfcfs-row-hit" : "frfcfs",
  };
}

export function isTimed(recorded: RecordedCase): boolean {
  return recorded.mode === "timed" || recorded.expected.acceptDepartSha256 !== undefined;
}

/** Hash of the command log of each channel, `ch0` and so on. */
export function logHashes({ commandTrace, commandTraceSha256 }: RecordedCase): Record<string, string> {
  if (typeof commandTraceSha256 === "string") return { ch0: commandTraceSha256 };
  return commandTrace?.sha256 ?? commandTraceSha256 ?? {};
}
