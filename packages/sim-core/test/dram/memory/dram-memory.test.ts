import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dramMemory, type TickRatio } from "../../../src/dram/memory/dram-memory.ts";
import type { DramConfiguration } from "../../../src/dram/run/dram-system.ts";
import { Graph, type SimulationReport, simulate } from "../../../src/index.ts";
import { generateTrace } from "../support/generate-trace.ts";
import { naiveAnswers } from "../support/naive-memory.ts";
import { recordedSpec } from "../support/recorded-cases.ts";
import { type Requester, RequesterNode } from "../support/requester.ts";
import { runEngine } from "../support/run-outcome.ts";

const even: TickRatio = { ticks: 1, cycles: 1 };

function memoryOf(name: string, channels = 1): DramConfiguration {
  const common = {
    mapping: "RoBaRaCoCh",
    refresh: "all-bank",
    rowPolicy: "open",
    cap: 4,
    scheduler: "frfcfs",
  } as const;
  return { spec: recordedSpec(name), channels, ...common };
}

function answersOf(
  configuration: DramConfiguration,
  requesters: readonly Requester[],
  ratio: TickRatio,
): { answers: number[][]; report: SimulationReport } {
  const graph = new Graph();
  const memory = graph.memory("dram", dramMemory(configuration, { ratio }));
  const nodes = requesters.map((requester, i) => {
    const access = requester.requests.some(({ bursts }) => bursts < 0) ? "write" : "read";
    const port = memory.port(`p${i}`, { access, burstsPerCycle: requester.burstsPerCycle });
    return graph.add(new RequesterNode(`n${i}`, port, requester));
  });
  const report = simulate(graph);
  return { answers: nodes.map((node) => node.answers), report };
}

const requester = (write: boolean, place: number): fc.Arbitrary<Requester> =>
  fc.record({
    start: fc.integer({ min: 0, max: 60 }),
    gap: fc.constantFrom(0, 0, 3, 40),
    burstsPerCycle: fc.constantFrom(1, 2, 8),
    requests: fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 4095 }), bursts: fc.integer({ min: 1, max: 24 }) }).map(
        // Readers and writers keep to places of their own: whether one finds the other's data is not the matter here.
        ({ at, bursts }) => ({ address: (place * 8192 + at) * 256, bursts: write ? -bursts : bursts }),
      ),
      { minLength: 1, maxLength: 7 },
    ),
  });

const run = fc.record({
  name: fc.constantFrom(
    ...["r20-ddr4-2400-2rank", "r20-hbm3-1ch", "r20-ddr3-1600-1ch"],
    ...["r21-ddr4-2400-2rank", "r21-hbm2-2000-8ch", "r21-hbm3-6400-1ch", "r21-lpddr5-6400-1ch"],
  ),
  channels: fc.constantFrom(1, 2, 4),
  requesters: fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }))
    .chain(([readers, writers]) =>
      fc.tuple(...Array.from({ length: readers + writers }, (_, i) => requester(i >= readers, i))),
    ),
  ratio: fc.constantFrom<TickRatio>(
    even,
    even,
    { ticks: 2, cycles: 1 },
    { ticks: 1, cycles: 3 },
    { ticks: 3, cycles: 2 },
  ),
});

describe("the DRAM memory", () => {
  test("answers requests of several nodes at the cycles of a cycle-by-cycle memory", () => {
    fc.assert(
      fc.property(run, ({ name, channels, requesters, ratio }) => {
        const configuration = memoryOf(name, channels);
        const { answers, report } = answersOf(configuration, requesters, ratio);
        expect(answers).toEqual(naiveAnswers(configuration, requesters, ratio));
        expect(report.deadlock).toBeNull();
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test("takes one request as fast as the timed frontend takes its bursts", () => {
    for (const name of ["r20-ddr4-2400-2rank", "r21-hbm3-6400-1ch"]) {
      const configuration = memoryOf(name);
      const bytes = name.startsWith("r20") ? 64 : 32;
      const burst = generateTrace({ pattern: "seq", n: 500, gran: bytes }).map((each) => ({ ...each, arrival: 1 }));
      const request = { start: 0, gap: 0, burstsPerCycle: 64, requests: [{ address: 0, bursts: 500 }] };
      const { answers } = answersOf(configuration, [request], even);
      expect(answers).toEqual([[runEngine(configuration, burst, { timed: true }).cycles]]);
    }
  });

  test("gives the same report twice, with traffic and rows of each channel", () => {
    const requests = generateTrace({ pattern: "random", n: 60, gran: 64, seed: 5 }).map(({ address }) => ({
      address,
      bursts: 3,
    }));
    const requesters = [0, 1].map((start) => ({ start, gap: 2, burstsPerCycle: 1, requests }));
    const once = answersOf(memoryOf("r21-hbm3-6400-16ch", 4), requesters, even).report;
    const again = answersOf(memoryOf("r21-hbm3-6400-16ch", 4), requesters, even).report;
    expect(JSON.stringify(once)).toBe(JSON.stringify(again));
    const [memory] = once.memories;
    expect(memory).toMatchObject({ model: "dram:r21-hbm3-6400-16ch", requests: 120, bytesRead: 360 * 32 });
    expect(memory!.channels).toHaveLength(4);
    const found = memory!.channels!.reduce((sum, { hits, misses, conflicts }) => sum + hits + misses + conflicts, 0);
    expect(found).toBe(360);
    expect(memory!.rowHits).toBe(memory!.channels!.reduce((sum, { hits }) => sum + hits, 0));
  });

  test("costs nothing while no request is under way", () => {
    const wait = (gap: number): number => {
      const requests = Array.from({ length: 4 }, (_, i) => ({ address: i * 64, bursts: 1 }));
      const pauses = { start: 0, gap, burstsPerCycle: 1, requests };
      return answersOf(memoryOf("r20-hbm3-1ch"), [pauses], even).report.activations;
    };
    expect(wait(1e9)).toBe(wait(1000));
  });

  test("refuses addresses that are no integers below 2^53, and ratios that are no ratios", () => {
    const ask = (address: number): (() => unknown) => {
      const requests = [{ address, bursts: 1 }];
      return () => answersOf(memoryOf("r20-hbm3-1ch"), [{ start: 0, gap: 0, burstsPerCycle: 1, requests }], even);
    };
    for (const address of [-64, 0.5, 2 ** 53, Number.NaN]) {
      expect(ask(address)).toThrow(expect.objectContaining({ code: "memory-request" }));
    }
    for (const ticks of [0, 1.5, 2_000_000]) {
      expect(() => dramMemory(memoryOf("r20-hbm3-1ch"), { ratio: { ticks, cycles: 1 } })).toThrow(
        expect.objectContaining({ code: "memory-options" }),
      );
    }
    expect(() => dramMemory(memoryOf("r20-hbm3-1ch", 3))).toThrow(expect.objectContaining({ code: "dram-spec" }));
  });
});
