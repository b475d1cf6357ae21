import { describe, expect, it } from "vitest";
import { type MoeOptions, mixtral8x7b, moe, routingTrace, simulateProgram } from "../../src/index.ts";

/** Tokens that go to two experts each, so that the experts get the published numbers of rows; which token goes where is made up. */
function routedBy(counts: readonly number[]): number[][] {
  const left = [...counts];
  const batch = counts.reduce((sum, count) => sum + count, 0) / 2;
  return Array.from({ length: batch }, () => {
    const order = left.map((_, expert) => expert).sort((a, b) => left[b]! - left[a]! || a - b);
    const chosen = order.slice(0, 2);
    for (const expert of chosen) left[expert]! -= 1;
    return chosen;
  });
}

function cycles(counts: readonly number[], tiling: MoeOptions["tiling"], bandwidth: number): number {
  const trace = routingTrace(routedBy(counts), 8);
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
