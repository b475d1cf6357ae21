import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exactPlacement, lowerBoundNs, Partitioner, placedBy, placementNs, placementSums } from "../../src/index.ts";
import { typicalCost } from "../support/brute-force.ts";

interface PartitionCase {
  readonly id: string;
  readonly params: {
    readonly mode: "disjoint" | "exclusive";
    readonly W: number;
    readonly flopsPerToken: number;
    readonly gpuBytesPerNs: number;
    readonly gpuFlopsPerNs: number;
    readonly tileM: number;
    readonly gpuFixedNs: number;
    readonly pimFixedNs: number;
    readonly gpuArriveNs: number;
    readonly pimArriveNs: number;
    readonly pimNsPerToken: number;
    readonly pimNsPerExpert: number;
  };
  readonly activeCounts: readonly number[];
  readonly expected: Readonly<Record<string, number>>;
}

const file = new URL("../data/partition-cases.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: readonly PartitionCase[] };

function near(value: number, expected: number | undefined): void {
  expect(Math.abs(value - expected!)).toBeLessThanOrEqual(1e-9 * expected!);
}

describe.each(cases)("the recorded partition $id", ({ params, activeCounts, expected }) => {
  const cost = typicalCost({
    interference: params.mode === "exclusive" ? 1 : 0,
    weightBytes: params.W,
    gpuBytesPerNs: params.gpuBytesPerNs,
    flopsPerToken: params.flopsPerToken,
    gpuFlopsPerNs: params.gpuFlopsPerNs,
    tileRows: params.tileM,
    gpuFixedNs: params.gpuFixedNs,
    pimFixedNs: params.pimFixedNs,
    gpuArriveNs: params.gpuArriveNs,
    pimArriveNs: params.pimArriveNs,
    pimGroupNs: [0, params.pimNsPerToken],
    pimNsPerExpert: params.pimNsPerExpert,
  });
  const rule = (chosen: (tokens: number) => boolean): number =>
    placementNs(cost, placementSums(cost, activeCounts, placedBy(activeCounts, undefined, chosen)));

  it("is met by bisection and by the sweep", () => {
    for (const method of ["partition", "sweep"] as const) {
      const placement = new Partitioner(activeCounts.length)[method](activeCounts, cost);
      near(placement.layerNs, expected.sweepNs);
      near(placement.gpuNs, expected.sweepGpuPathNs);
      near(placement.pimNs, expected.sweepPimPathNs);
      expect(placement.pimExperts).toBe(expected.sweepExpertsOnPim);
    }
  });

  it("has the recorded times under the static rules", () => {
    near(
      rule(() => false),
      expected.gpuOnlyNs,
    );
    near(
      rule(() => true),
      expected.pimOnlyNs,
    );
    near(
      rule((tokens) => tokens === 1),
      expected.staticGemvOnPimNs,
    );
    near(
      rule((tokens) => tokens <= 4),
      expected.static4Ns,
    );
  });

  it("has the recorded optimum, not below the bound", () => {
    const exact = exactPlacement(cost, activeCounts);
    near(exact.layerNs, expected.exactOptimumNs);
    expect(lowerBoundNs(cost, activeCounts)).toBeLessThanOrEqual(exact.layerNs);
  });
});
