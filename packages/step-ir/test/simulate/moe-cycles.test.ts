import { describe, expect, it } from "vitest";
import {
  type MoeOptions,
  type MoePoint,
  mixtral8x7b,
  modelNamed,
  moe,
  moeExperiment,
  routingTrace,
  simulateProgram,
} from "../../src/index.ts";
import { qwenRows, routedBy } from "../support/rows-per-expert.ts";

function cycles(counts: readonly number[], tiling: MoeOptions["tiling"], bandwidth: number): number {
  const trace = routingTrace(routedBy(counts, 2), 8);
  expect(trace.counts).toEqual(counts);
  const program = moe({
    ...mixtral8x7b,
    batch: trace.counts.reduce((a, b) => a + b) / 2,
    tiling,
    tileInner: 64,
    bandwidth,
  });
  const { report } = simulateProgram(program, { sources: trace.sources }, { depth: 2, bytesPerF32: 2 });
  expect(report.deadlock).toBeNull();
  return report.cycles;
}

function expectWithin(actual: number, published: number, percent: number): void {
  expect(Math.abs(actual / published - 1) * 100).toBeLessThan(percent);
}

describe("Mixtral-8x7B with the published numbers of rows per expert", () => {
  it("takes the published cycles at batch 64", () => {
    const counts = [13, 10, 17, 14, 17, 10, 24, 23];
    expectWithin(cycles(counts, { kind: "static", rows: 16 }, 4096), 4_644_999, 3);
    expectWithin(cycles(counts, { kind: "static", rows: 64 }, 4096), 2_813_010, 3);
    expectWithin(cycles(counts, { kind: "dynamic" }, 6400), 2_782_672, 3);
  });

  it("takes the published cycles at batch 1024, and more with dynamic tiles on the machine of the static ones", () => {
    const counts = [236, 219, 279, 215, 164, 414, 301, 220];
    expectWithin(cycles(counts, { kind: "static", rows: 256 }, 4096), 14_870_882, 3);
    const recorded = cycles(counts, { kind: "dynamic" }, 6400);
    expectWithin(recorded, 7_942_058, 3);
    expect(cycles(counts, { kind: "dynamic" }, 4096)).toBeGreaterThan(1.4 * recorded);
  });
});

describe("Qwen3-30B-A3B, loaded as the published runs were", () => {
  const model = modelNamed("qwen3-30b-a3b");
  const routing = routedBy(qwenRows, 8);
  const run = (point: Pick<MoePoint, "tiling" | "regions">) => moeExperiment({ model, routing, ...point });
  const dynamic = { kind: "dynamic" } as const;
  const fixed = (rows: number) => ({ kind: "static", rows }) as const;

  it("takes the published cycles at batch 64", () => {
    expectWithin(run({ tiling: fixed(16) }).cycles, 712_164, 3);
    expectWithin(run({ tiling: fixed(64) }).cycles, 577_007, 3);
    expectWithin(run({ tiling: dynamic }).cycles, 580_999, 3);
  });

  // Fig. 12 and 13. The published count takes 8·D operations for each of the 8 of a silu; the ratios do not depend on it.
  it.each([
    {
      tiling: fixed(32),
      regions: [128, 64, 32, 16, 8, 4],
      cycles: [789_895, 715_519, 796_725, 839_090, 1_004_877, 1_888_072],
      percent: [6.91, 13.07, 18.23, 23.94, 24.72, 14.92],
    },
    {
      tiling: dynamic,
      regions: [128, 64, 32, 16, 8, 4, 2],
      cycles: [713_539, 704_732, 754_098, 769_760, 796_622, 1_280_865, 2_189_778],
      percent: [2.01, 3.48, 5.05, 6.84, 8.18, 5.77, 3.62],
    },
  ])("shares pipelines in time as published, with $tiling.kind tiles", ({ tiling, regions, cycles, percent }) => {
    const runs = regions.map((count) => run({ tiling, regions: count }));
    for (const [place, { cycles: found, computeUtilization }] of runs.entries()) {
      expectWithin(found, cycles[place]!, 5);
      expectWithin(100 * computeUtilization, percent[place]!, 5);
    }
    const best = (values: readonly number[]): number => regions[values.indexOf(Math.max(...values))]!;
    expect(best(runs.map((one) => -one.cycles))).toBe(64);
    expect(best(runs.map((one) => one.computeUtilization))).toBe(8);
  });
});
