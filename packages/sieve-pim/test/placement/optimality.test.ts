import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  exactPlacement,
  lowerBoundNs,
  type PartitionCost,
  Partitioner,
  placementNs,
  placementSums,
  refine,
  splitBoundary,
  Xorshift32,
} from "../../src/index.ts";
import { bruteForceNs, typicalCost } from "../support/brute-force.ts";

interface Instance {
  readonly cost: PartitionCost;
  readonly counts: number[];
}

/** Instances of 2 to `experts` experts; `weights` scales the bytes of an expert, which decides whether reading or tiles bind. */
function instances(
  number: number,
  experts: number,
  change: (random: Xorshift32) => Partial<PartitionCost>,
): Instance[] {
  const random = new Xorshift32(77);
  return Array.from({ length: number }, () => {
    const most = [4, 40, 400, 2000][random.next() % 4]!;
    const counts = Array.from({ length: 2 + (random.next() % (experts - 1)) }, () => random.next() % most);
    counts[0]! += 1;
    return { counts, cost: typicalCost(change(random)) };
  });
}

const pick = <T>(random: Xorshift32, values: readonly T[]): T => values[random.next() % values.length]!;
const late = (random: Xorshift32): Partial<PartitionCost> => ({
  gpuArriveNs: pick(random, [0, 5000]),
  pimArriveNs: pick(random, [0, 5000, 40_000]),
  interference: pick(random, [0, 1, 0.4]),
  pimNsPerExpert: pick(random, [0, 700]),
});
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(a, b, 1);

describe("where reading decides on the GPU", () => {
  const all = instances(2000, 12, (random) => ({ ...late(random), flopsPerToken: 0 }));

  it("the sweep is as good as trying every placement", () => {
    const worse = all.filter(
      ({ counts, cost }) => !near(new Partitioner(12).sweep(counts, cost).layerNs, bruteForceNs(cost, counts)),
    );
    expect(worse).toEqual([]);
  });
});

describe("bisection", () => {
  it("gives the time of the sweep, whatever decides and whenever tokens come", () => {
    const all = instances(6000, 40, (random) => ({
      ...late(random),
      weightBytes: pick(random, [0, 1e5, 9437184]),
      tileRows: pick(random, [1, 16, 64, 128]),
      gpuFlopsPerNs: pick(random, [5000, 494500]),
    }));
    const partitioner = new Partitioner(40);
    const other = all.filter(({ counts, cost }) => {
      const swept = partitioner.sweep(counts, cost).layerNs;
      return !near(partitioner.partition(counts, cost).layerNs, swept);
    });
    expect(other).toEqual([]);
  });

  it("moves only resident experts, and as well as trying all of those", () => {
    const all = instances(600, 10, (random) => ({ ...late(random), flopsPerToken: 0 }));
    for (const [at, { counts, cost }] of all.entries()) {
      const resident = counts.map((_, expert) => ((at + expert) % 3 === 0 ? 0 : 1));
      const { onPim, layerNs } = new Partitioner(10).partition(counts, cost, resident);
      expect(near(layerNs, bruteForceNs(cost, counts, resident))).toBe(true);
      expect(onPim.some((set, expert) => set === 1 && resident[expert] === 0)).toBe(false);
    }
  });

  it("evaluates a number of placements that grows with the logarithm of the experts", () => {
    const random = new Xorshift32(5);
    for (const experts of [64, 512, 4096]) {
      const counts = Uint32Array.from({ length: experts }, () => 1 + (random.next() % 900));
      const { evaluations } = new Partitioner(experts).partition(counts, typicalCost({ interference: 0.5 }));
      expect(evaluations).toBeLessThanOrEqual(8 + 3 * Math.ceil(Math.log2(experts)));
    }
  });
});

describe("where tiles decide", () => {
  const tiles = instances(1400, 9, (random) => ({ tileRows: pick(random, [16, 64, 128]), weightBytes: 5e5 }));
  const gaps = (of: (instance: Instance) => number): number[] =>
    tiles.map((instance) => of(instance) / bruteForceNs(instance.cost, instance.counts) - 1);
  const swept = ({ counts, cost }: Instance): Uint8Array => new Partitioner(9).partition(counts, cost).onPim.slice();

  it("the sweep stays within 4 % of the best, and moves and swaps within 2 %", () => {
    expect(Math.max(...gaps(({ counts, cost }) => new Partitioner(9).partition(counts, cost).layerNs))).toBeLessThan(
      0.04,
    );
    const refined = gaps((instance) => refine(instance.cost, instance.counts, swept(instance)).layerNs);
    expect(Math.max(...refined)).toBeLessThan(0.02);
    expect(Math.min(...refined)).toBeGreaterThan(-1e-9);
  });

  it("a split of one expert never makes it slower, and at times faster", () => {
    let faster = 0;
    for (const instance of tiles.slice(0, 300)) {
      const { cost, counts } = instance;
      const whole = refine(cost, counts, swept(instance));
      const split = splitBoundary(cost, counts, whole);
      expect(split.layerNs).toBeLessThanOrEqual(whole.layerNs);
      expect(near(placementNs(cost, placementSums(cost, counts, split.onPim, split.split)), split.layerNs)).toBe(true);
      if (split.layerNs < whole.layerNs) faster += 1;
    }
    expect(faster).toBeGreaterThan(0);
  });

  it("the dynamic program finds the best of all placements", () => {
    const cheap = instances(600, 11, (random) => ({
      ...late(random),
      tileRows: pick(random, [1, 16, 64]),
      weightBytes: pick(random, [0, 5e5]),
      pimGroupNs: pick(random, [
        [0, 490.622],
        [0, 60],
        [0, 200, 210, 220, 230],
      ]),
    }));
    let programmed = 0;
    for (const { cost, counts } of cheap) {
      const exact = exactPlacement(cost, counts);
      expect(Math.abs(exact.layerNs - bruteForceNs(cost, counts))).toBeLessThan(1e-5);
      expect(near(placementNs(cost, placementSums(cost, counts, exact.onPim)), exact.layerNs)).toBe(true);
      if (exact.states > 0) programmed += 1;
    }
    expect(programmed).toBeGreaterThan(100);
  });

  it("no placement beats the lower bound", () => {
    for (const { cost, counts } of [...tiles, ...instances(800, 9, late)]) {
      expect(lowerBoundNs(cost, counts)).toBeLessThanOrEqual(bruteForceNs(cost, counts) * (1 + 1e-12));
    }
  });
});

describe("a placement", () => {
  const counts = [1, 1, 2, 3, 8, 40, 0, 5];
  const decide = (changes: Partial<PartitionCost>, of: readonly number[] = counts) => {
    const placement = new Partitioner(of.length).partition(of, typicalCost(changes));
    return { ...placement, onPim: placement.onPim.slice() };
  };

  it("is all on the GPU where PIM is slow, and all on PIM where the GPU is", () => {
    expect(decide({ pimGroupNs: [0, 1e9] }).pimExperts).toBe(0);
    expect(decide({ gpuBytesPerNs: 1e-3 }).pimExperts).toBe(7);
    expect(decide({ gpuBytesPerNs: 1e-3 }).gpuNs).toBe(0);
  });

  it("never gets slower with more bandwidth on either side", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300), { minLength: 1, maxLength: 40 }),
        fc.constantFrom(0, 0.3, 1),
        (load, interference) => {
          const time = (pim: number, gpu: number): number =>
            decide({ interference, pimGroupNs: [0, 490 / pim], gpuBytesPerNs: 3840 * gpu }, load).layerNs;
          expect(time(2, 1)).toBeLessThanOrEqual(time(1, 1) + 1e-6);
          expect(time(1, 2)).toBeLessThanOrEqual(time(1, 1) + 1e-6);
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });

  it("of equal counts is balanced", () => {
    const { gpuNs, pimNs } = decide({}, Array(60).fill(4));
    expect(Math.abs(gpuNs - pimNs)).toBeLessThan(2457.6 + 4 * 490.622);
  });

  it("does not depend on how experts are numbered", () => {
    const random = new Xorshift32(8);
    const load = Array.from({ length: 30 }, () => random.next() % 60);
    const turned = [...load.slice(11), ...load.slice(0, 11)];
    expect(decide({}, turned).layerNs).toBe(decide({}, load).layerNs);
    const onPim = (of: number[], set: Uint8Array): number[] =>
      of.filter((_, at) => set[at] === 1).sort((a, b) => a - b);
    expect(onPim(turned, decide({}, turned).onPim)).toEqual(onPim(load, decide({}, load).onPim));
  });

  it("of no tokens takes no time", () => {
    expect(decide({}, [0, 0, 0])).toMatchObject({ layerNs: 0, pimExperts: 0 });
  });
});
