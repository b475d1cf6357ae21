// Random memories, traces and feeds, built from the recorded specs.
import fc from "fast-check";
import { type MappingName, mappingNames } from "../../../src/dram/address/address-map.ts";
import type { DramConfiguration } from "../../../src/dram/run/dram-system.ts";
import { checkSpec, refreshCycles } from "../../../src/dram/spec/check-spec.ts";
import { commandIndex, type DramSpec } from "../../../src/dram/spec/dram-spec.ts";
import { generateTrace, type TracePattern, Xorshift32 } from "./generate-trace.ts";
import { recordedSpec, specNames } from "./recorded-cases.ts";
import type { DramRequest } from "./request.ts";
import type { Feed } from "./run-outcome.ts";

export interface RandomRun {
  readonly configuration: DramConfiguration;
  readonly requests: readonly DramRequest[];
  readonly feed: Feed;
}

const shape = fc.record({
  name: fc.constantFrom(...specNames),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  // Whether, and how far, to move latencies and counts away from the real ones.
  twisted: fc.boolean(),
  smaller: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 4, maxLength: 4 }),
  refreshEvery: fc.option(fc.integer({ min: 60, max: 2000 })),
  channels: fc.constantFrom(1, 1, 2, 4),
  mapping: fc.constantFrom<MappingName>(...mappingNames),
  refresh: fc.constantFrom("all-bank" as const, "all-bank" as const, "per-bank" as const, "none" as const),
  rowPolicy: fc.constantFrom("open" as const, "open" as const, "closed" as const),
  cap: fc.integer({ min: 1, max: 5 }),
  scheduler: fc.constantFrom("frfcfs" as const, "frfcfs-row-hit" as const),
});

const traffic = fc.record({
  pattern: fc.constantFrom("seq", "random", "conflict", "hotrow", "burst"),
  n: fc.integer({ min: 1, max: 110 }),
  span: fc.constantFrom(2 ** 12, 2 ** 16, 2 ** 22, 2 ** 30),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  writePermille: fc.constantFrom(0, 100, 300, 500, 900, 1000),
  banks: fc.integer({ min: 1, max: 5 }),
  meanGap: fc.constantFrom(0, 0, 1, 2, 5, 20, 90, 400),
  gapSeed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

const feeds: fc.Arbitrary<Feed> = fc.oneof(
  fc.constant<Feed>({ timed: true }),
  fc.record({
    timed: fc.constant<false>(false),
    ratio: fc.record({ frontend: fc.constantFrom(1, 1, 2, 3, 8), memory: fc.constantFrom(1, 1, 3, 8) }),
  }),
);

export const randomRun: fc.Arbitrary<RandomRun> = fc
  .record({ shape, traffic, feed: feeds })
  .map(({ shape: { name, seed, twisted, smaller, refreshEvery, ...rest }, traffic: pattern, feed }) => {
    const base = recordedSpec(name);
    const spec = twisted ? twist(base, { seed, smaller, refreshEvery }) : base;
    const perBank = base.profile === "r21" && base.bankLevel === 4;
    const refresh = rest.refresh === "per-bank" && !perBank ? "all-bank" : rest.refresh;
    const scheduler = base.profile === "r20" ? ("frfcfs" as const) : rest.scheduler;
    return { configuration: { ...rest, spec, refresh, scheduler }, requests: generateTrace(traceOf(pattern)), feed };
  });

function traceOf(pattern: Omit<TracePattern, "gran">): TracePattern {
  return {
    ...pattern,
    gran: 64,
    bankStrideBytes: 16384,
    rowStrideBytes: 262144,
    hotPermille: 600,
    hotBytes: 4096,
    maxBurst: 9,
  };
}

interface Twist {
  readonly seed: number;
  readonly smaller: readonly number[];
  readonly refreshEvery: number | null;
}

/** Other latencies, fewer banks, other refresh intervals; what rules need of each other is kept. */
function twist(base: DramSpec, { seed, smaller, refreshEvery }: Twist): DramSpec {
  const rng = new Xorshift32(seed);
  const latency = (cycles: number): number => Math.max(0, Math.floor((cycles * (500 + (rng.next() % 1000))) / 1000));
  const shrink = 20 + (rng.next() % 60);
  const timing: Record<string, number> = { ...base.timing };
  const cycles = refreshCycles(base);
  for (const key of ["nRFC", "nRFC1", "nRFCpb"]) if (timing[key] !== undefined) timing[key] = shrink;
  if (refreshEvery !== null) timing.nREFI = 2 * shrink + refreshEvery;
  if (timing.nREFIpb !== undefined) timing.nREFIpb = 30 + (rng.next() % 200);
  const refresh = commandIndex(base, "REFab");
  const constraints = base.constraints.map((row) => {
    if (row.preceding === refresh && cycles !== null) return { ...row, latency: shrink };
    return { ...row, latency: row.latency > 200 ? shrink : latency(row.latency) };
  });
  const counts = base.counts.map((count, level) =>
    level > 0 && level <= base.bankLevel && smaller[level - 1] === 1 ? Math.max(1, count / 2) : count,
  );
  return checkSpec({ ...base, timing, constraints, counts, readLatency: 1 + latency(base.readLatency) });
}
