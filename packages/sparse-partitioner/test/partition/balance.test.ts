import { describe, expect, it } from "vitest";
import type { Cut } from "../../src/partition/cut.ts";
import { partition, unitWork } from "../../src/partition/plan.ts";
import { searchCoordinates } from "../../src/partition/rank.ts";
import { verify } from "../../src/partition/verify.ts";
import type { WorkSpace } from "../../src/partition/work.ts";
import { driver, ones, spaceOf, vector } from "../support/spaces.ts";

const a = vector("a", 9, [0, 2, 4, 6, 8]);
const b = vector("b", 9, [1, 2, 3, 4, 5, 6]);
const c = vector("c", 9, [2, 4, 6, 9]);

const positionsOf = (space: WorkSpace, { tuple }: Cut): string =>
  space.drivers
    .map(({ levels: [level] }) =>
      level!.kind === "compressed"
        ? searchCoordinates(level!.coordinates, 0, level!.coordinates.length, tuple[0]!)
        : -1,
    )
    .join("/");

const works = (space: WorkSpace, units: number): number[] => partition(space, { units }).cuts.map(({ work }) => work);

describe("cuts of sparse vectors", () => {
  it("divide two operands along the merge path, equal coordinates kept together", () => {
    const space = spaceOf([9], [a, b]);
    const four = partition(space, { units: 4 });
    expect(four.cuts.map((cut) => positionsOf(space, cut))).toEqual(["0/0", "1/1", "2/3", "3/5", "5/6"]);
    expect(works(space, 4)).toEqual([0, 2, 5, 8, 11]);
    expect(works(space, 3)).toEqual([0, 4, 7, 11]);
    const eleven = partition(space, { units: 11 });
    expect(Math.max(...unitWork(eleven))).toBe(2);
    expect(verify(eleven)).toMatchObject({ holds: true, idleUnits: 3 });
  });

  it("divide three operands", () => {
    const space = spaceOf([10], [a, b, c]);
    const three = partition(space, { units: 3 });
    expect(three.cuts.map((cut) => positionsOf(space, cut))).toEqual(["0/0/0", "2/2/1", "3/5/2", "5/6/4"]);
    expect(three.cuts.map(({ work }) => work)).toEqual([0, 5, 10, 15]);
    expect(verify(partition(space, { units: 5 })).maximum).toBe(5);
  });

  it("stay within the bound for identical operands, however many", () => {
    const points = Array.from({ length: 1000 }, (_, p) => 3 * p);
    for (const [operands, maximum, bound] of [
      [2, 286, 287],
      [4, 572, 575],
      [8, 1144, 1150],
      [24, 3432, 3452],
    ] as const) {
      const drivers = Array.from({ length: operands }, (_, d) => vector(`x${d}`, 3000, points));
      const plan = partition(spaceOf([3000], drivers), { units: 7 });
      expect(plan.bound).toBe(bound);
      expect(verify(plan)).toMatchObject({ holds: true, maximum });
    }
  });

  it("give every unit the same where they can", () => {
    const even = vector("even", 131072, Array.from({ length: 65536 }, (_, p) => 2 * p).slice(0, 32768));
    const odd = vector("odd", 131072, Array.from({ length: 65536 }, (_, p) => 2 * p + 1).slice(0, 32768));
    const plan = partition(spaceOf([131072], [even, odd]), { units: 4096 });
    expect(new Set(unitWork(plan))).toEqual(new Set([16]));
  });
});

describe("cuts of trees", () => {
  it("descend into the coordinate that holds the target", () => {
    const X = driver(ones([4, 3, 5], digits("001 003 020 111 112 114 300 322")), "sss");
    const Y = driver(ones([4, 3, 5], digits("003 110 111 112 113 114 200 322")), "sss");
    const plan = partition(spaceOf([4, 3, 5], [X, Y]), { units: 4 });
    expect(plan.cuts.slice(1, -1).map(({ tuple }) => tuple)).toEqual([
      [1, 1, 0],
      [1, 1, 3],
      [2, 0, 0],
    ]);
    expect(plan.cuts.slice(1).map(({ work }) => work)).toEqual([4, 9, 12, 16]);
    expect(verify(plan)).toMatchObject({ holds: true, maximum: 5 });
    expect(verify(partition(plan.space, { units: 8 }))).toMatchObject({ holds: true, maximum: 3 });
  });

  it("share a full row between units, and count visits of rows where asked", () => {
    const rows = Array.from({ length: 8 }, (_, i) => i);
    const full = ones([8, 8], [...rows.filter((i) => i !== 3).map((i) => [i, i]), ...rows.map((j) => [3, j])]);
    const leaf = partition(spaceOf([8, 8], [driver(full, "ds")]), { units: 4 });
    expect(leaf.cuts.map(({ work }) => work)).toEqual([0, 3, 7, 11, 15]);
    const visits = partition(spaceOf([8, 8], [driver(full, "ds")], [1]), { units: 4 });
    expect(visits.work).toBe(23);
    expect(verify(visits)).toMatchObject({ holds: true, maximum: 6 });
  });

  it("balance two heavy rows, which equal rows and equal positions of one operand do not", () => {
    const { space, work } = heavyRows();
    expect(work).toBe(100350);
    const at = (units: number, strategy: "balanced" | "rows" | "position") =>
      verify(partition(space, { units, strategy }));
    expect(at(64, "balanced")).toMatchObject({ holds: true, maximum: 1568, excess: 0 });
    expect(ratio(at(64, "rows"))).toBeCloseTo(41.8, 1);
    expect(ratio(at(64, "position"))).toBeCloseTo(22.15, 2);
    expect(at(4096, "balanced")).toMatchObject({ holds: true, maximum: 25, excess: 0 });
    expect(Math.round(ratio(at(4096, "rows")))).toBe(2675);
    expect(Math.round(ratio(at(4096, "position")))).toBe(1339);
  });
});

describe("cuts of work beyond 32 bits", () => {
  it("are exact for a dense plane of 2^40 points with visits", () => {
    const side = 2 ** 20;
    const dense = { kind: "dense", size: side } as const;
    const space = spaceOf([side, side], [{ name: "plane", levels: [dense, dense], weight: 1 }], [1]);
    for (const units of [3, 64, 4096, 20000]) {
      const plan = partition(space, { units });
      expect(plan.work).toBe(side * side + side);
      expect(Math.max(...unitWork(plan))).toBeLessThanOrEqual(plan.bound);
      for (const { tuple, work } of plan.cuts.slice(1, -1)) {
        const [i = 0, j] = tuple;
        expect(i * (side + 1) + (j === undefined ? 0 : 1 + j)).toBe(work);
      }
    }
  });

  it("are exact for level arrays that stand for 2^31 entries", () => {
    const positions = Int32Array.of(0, 2 ** 30, 2 ** 30, 2 ** 31 - 1);
    const row = { kind: "dense", size: 3 } as const;
    const tail = { kind: "dense", size: 4 } as const;
    const coordinates = new Proxy(new Int32Array(0), {
      get: (_, at) => (typeof at === "string" && /^\d+$/.test(at) ? Number(at) % 2 ** 30 : 2 ** 31 - 1),
    });
    const levels = [row, { kind: "compressed", size: 2 ** 30, positions, coordinates } as const];
    const space = spaceOf([3, 2 ** 30], [{ name: "virtual", levels, weight: tail.size }]);
    const plan = partition(space, { units: 1000 });
    expect(plan.work).toBe(4 * (2 ** 31 - 1));
    expect(Math.max(...unitWork(plan))).toBeLessThanOrEqual(plan.bound);
    expect(unitWork(plan).reduce((sum, work) => sum + work, 0)).toBe(plan.work);
  });
});

function digits(text: string): number[][] {
  return text.split(" ").map((word) => [...word].map(Number));
}

function heavyRows(): { space: WorkSpace; work: number } {
  const side = 65536;
  const A: number[][] = [];
  const B: number[][] = [];
  for (let i = 0; i < 1024; i++) {
    if (i === 100) for (let j = 0; j < side; j++) A.push([i, j]);
    else A.push([i, (37 * i) % side]);
    if (i === 900) for (let j = 0; j < side; j += 2) B.push([i, j]);
    else B.push([i, (53 * i) % side]);
  }
  const space = spaceOf([1024, side], [driver(ones([1024, side], A), "ds"), driver(ones([1024, side], B), "ds")]);
  return { space, work: partition(space, { units: 1 }).work };
}

function ratio({ maximum, mean }: { readonly maximum: number; readonly mean: number }): number {
  return maximum / mean;
}
