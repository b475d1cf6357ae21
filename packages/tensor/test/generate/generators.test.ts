import { describe, expect, it } from "vitest";
import {
  bandedMatrix,
  bigBirdMask,
  blockDiagonalMatrix,
  blockSparseMatrix,
  type CoordinateList,
  checkCoordinateList,
  entryCount,
  oneDenseRow,
  powerLawRows,
  RandomStream,
  rmatGraph,
  sortCoordinates,
  structureOf,
  uniformTensor,
} from "../../src/index.ts";
import { refusal } from "../support/refusal.ts";

const places = (list: CoordinateList): string[] =>
  Array.from(list.values, (_, e) => list.coordinates.map((array) => array[e]).join(","));

const rowLengths = (list: CoordinateList): number[] => {
  const lengths = new Array<number>(list.shape[0]!).fill(0);
  for (const row of list.coordinates[0]!) lengths[row]! += 1;
  return lengths;
};

/** One small tensor of each generator. */
const small: Record<string, (seed: number) => CoordinateList> = {
  uniform: (seed) => uniformTensor({ shape: [6, 5, 4], entries: 8, seed }),
  banded: (seed) => bandedMatrix({ rows: 5, columns: 5, lower: 1, upper: 2, fill: 0.5, seed }),
  rmat: (seed) => rmatGraph({ scale: 4, edges: 12, seed }),
  "power law": (seed) => powerLawRows({ rows: 6, columns: 8, entries: 14, exponent: 1, seed }),
  "dense row": (seed) => oneDenseRow({ rows: 4, columns: 5, entriesPerRow: 1, denseRow: 2, seed, values: "quarters" }),
  "block sparse": (seed) => blockSparseMatrix({ rows: 5, columns: 6, blockRows: 2, blockColumns: 3, blocks: 3, seed }),
  "block diagonal": (seed) => blockDiagonalMatrix({ blocks: 3, blockRows: 1, blockColumns: 2, seed }),
  "big bird": (seed) => bigBirdMask({ length: 12, blockSize: 2, randomBlocks: 1, seed }),
};

describe.each(Object.entries(small))("a generated tensor (%s)", (name, generate) => {
  it("is a sorted list of distinct places in range, without zeros", () => {
    for (let seed = 0; seed < 20; seed++) {
      const list = generate(seed);
      checkCoordinateList(list);
      expect(sortCoordinates(list)).toBe(list);
      expect(structureOf(list)).toMatchObject({ duplicates: 0, explicitZeros: 0 });
    }
  });

  it("is the same for the same seed, and another for another", () => {
    expect(generate(4)).toEqual(generate(4));
    if (name === "block diagonal") expect(places(generate(4))).toEqual(places(generate(5)));
    else
      expect(new Set(Array.from({ length: 8 }, (_, seed) => places(generate(seed)).join(" "))).size).toBeGreaterThan(1);
  });
});

it("small tensors stay as they have always been", async () => {
  const lines = Object.entries(small).map(([name, generate]) => {
    const list = generate(1);
    return `${name}: ${places(list).join(" ")} | ${list.values.slice(0, 3).join(" ")}\n`;
  });
  await expect(lines.join("")).toMatchFileSnapshot("small-tensors.expect");
});

it("values are drawn apart from places, as asked", () => {
  const options = { shape: [200, 200], entries: 4000, seed: 9 };
  const [unit, quarters, ones] = (["unit", "quarters", "ones"] as const).map((values) =>
    uniformTensor({ ...options, values }),
  );
  expect(places(quarters!)).toEqual(places(unit!));
  expect(places(ones!)).toEqual(places(unit!));
  expect(unit!.values.every((value) => value > 0 && value <= 1)).toBe(true);
  expect(Array.from(unit!.values).reduce((sum, value) => sum + value, 0) / 4000).toBeCloseTo(0.5, 1);
  const steps = new Set(quarters!.values);
  expect([...steps].sort((a, b) => a - b)).toEqual([
    -2, -1.75, -1.5, -1.25, -1, -0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2,
  ]);
  expect(new Set(ones!.values)).toEqual(new Set([1]));
});

describe("a stream of random numbers", () => {
  const drawn = (seed: number, purpose: string) => {
    const random = new RandomStream(seed, purpose);
    return Array.from({ length: 10_001 }, () => random.normal());
  };

  it("has a mean of 0 and a variance of 1 where it is normal, and repeats itself by seed and purpose", () => {
    const numbers = drawn(7, "x");
    const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
    const variance = numbers.reduce((sum, one) => sum + one * one, 0) / numbers.length;
    // Five standard errors.
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(variance - 1)).toBeLessThan(0.08);
    expect(drawn(7, "x")).toEqual(numbers);
    expect(drawn(7, "y")).not.toEqual(numbers);
    expect(drawn(8, "x")).not.toEqual(numbers);
  });

  it("puts items in every order, each about as often", () => {
    const random = new RandomStream(1, "orders");
    const counts = new Map<string, number>();
    for (let time = 0; time < 6000; time++) {
      const order = random.shuffle(["a", "b", "c"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe("uniform places", () => {
  it("are as many as asked, also for full, empty and enormous shapes", () => {
    for (const entries of [0, 1, 59, 60, 61, 119, 120])
      expect(entryCount(uniformTensor({ shape: [4, 5, 6], entries, seed: 2 }))).toBe(entries);
    const huge = uniformTensor({ shape: [2 ** 26, 2 ** 27], entries: 1000, seed: 2 });
    expect(structureOf(huge)).toMatchObject({ entries: 1000, duplicates: 0 });
    expect(Math.max(...huge.coordinates[1]!)).toBeGreaterThan(2 ** 26);
  });

  it("fall on every place equally often", () => {
    for (const entries of [3, 9]) {
      const counts = new Map<string, number>();
      for (let seed = 0; seed < 3000; seed++) {
        for (const place of places(uniformTensor({ shape: [3, 4], entries, seed })))
          counts.set(place, (counts.get(place) ?? 0) + 1);
      }
      // Binomial: mean 3000 p, five standard deviations either way.
      const p = entries / 12;
      for (const count of counts.values())
        expect(Math.abs(count - 3000 * p)).toBeLessThan(5 * Math.sqrt(3000 * p * (1 - p)));
      expect(counts.size).toBe(12);
    }
  });
});

it("a band holds what lies between its diagonals, and the asked share of it", () => {
  const full = bandedMatrix({ rows: 6, columns: 4, lower: 2, upper: 1, seed: 0 });
  expect(places(full)).toEqual([..."0,0 0,1 1,0 1,1 1,2 2,0 2,1 2,2 2,3 3,1 3,2 3,3 4,2 4,3 5,3".split(" ")]);
  const room = entryCount(bandedMatrix({ rows: 1000, columns: 1000, lower: 10, upper: 10, seed: 0 }));
  const sparse = entryCount(bandedMatrix({ rows: 1000, columns: 1000, lower: 10, upper: 10, fill: 0.3, seed: 0 }));
  expect(Math.abs(sparse - room * 0.3)).toBeLessThan(5 * Math.sqrt(room * 0.21));
});

it("R-MAT edges fall into the quadrants with the given probabilities, at every scale", () => {
  // Few enough edges for the graph's size that repeats do not distort the shares.
  const graph = rmatGraph({ scale: 20, edges: 40_000, seed: 5 });
  const [rows, columns] = graph.coordinates as [Int32Array, Int32Array];
  const entries = entryCount(graph);
  expect(entries).toBeGreaterThan(38_000);
  const shares = [0, 0, 0, 0];
  for (let e = 0; e < entries; e++) shares[2 * (rows[e]! >>> 19) + (columns[e]! >>> 19)]! += 1 / entries;
  for (const [quadrant, share] of [0.57, 0.19, 0.19, 0.05].entries()) expect(shares[quadrant]).toBeCloseTo(share, 1.5);
  expect(structureOf(graph).maximumRow).toBeGreaterThan(20 * (entries / 2 ** 20));
});

describe("power-law rows", () => {
  it("have exactly the entries asked for, in lengths of the asked slope", () => {
    const list = powerLawRows({ rows: 1000, columns: 100_000, entries: 50_000, exponent: 1, seed: 6 });
    expect(entryCount(list)).toBe(50_000);
    const lengths = rowLengths(list).sort((a, b) => b - a);
    expect(lengths[0]! / lengths[9]!).toBeCloseTo(10, 1);
    expect(lengths[0]! / lengths[99]!).toBeCloseTo(100, -1);
  });

  it("fill up when the law asks for more than a row holds", () => {
    const lengths = rowLengths(powerLawRows({ rows: 10, columns: 20, entries: 150, exponent: 3, seed: 6 })).sort(
      (a, b) => b - a,
    );
    expect(lengths.slice(0, 6)).toEqual([20, 20, 20, 20, 20, 20]);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(150);
    expect(entryCount(powerLawRows({ rows: 7, columns: 3, entries: 21, exponent: 2, seed: 6 }))).toBe(21);
  });
});

it("one row is full and the others have as many entries as asked", () => {
  expect(rowLengths(oneDenseRow({ rows: 5, columns: 30, entriesPerRow: 2, denseRow: 3, seed: 1 }))).toEqual([
    2, 2, 2, 30, 2,
  ]);
});

it("blocks are full inside the matrix and empty outside", () => {
  const list = blockSparseMatrix({ rows: 8, columns: 8, blockRows: 2, blockColumns: 4, blocks: 3, seed: 1 });
  expect(entryCount(list)).toBe(24);
  expect(
    new Set(
      places(list).map((place) =>
        place
          .split(",")
          .map((c, m) => Math.floor(Number(c) / [2, 4][m]!))
          .join(","),
      ),
    ).size,
  ).toBe(3);
  expect(
    entryCount(blockSparseMatrix({ rows: 5, columns: 5, blockRows: 2, blockColumns: 2, blocks: 9, seed: 1 })),
  ).toBe(25);
  expect(places(small["block diagonal"]!(0))).toEqual("0,0 0,1 1,2 1,3 2,4 2,5".split(" "));
});

it("a BigBird mask has window, global and exactly the asked random blocks", () => {
  const mask = bigBirdMask({ length: 100, blockSize: 10, windowBlocks: 3, globalBlocks: 2, randomBlocks: 2, seed: 3 });
  const blocks = new Set(
    places(mask).map((place) =>
      place
        .split(",")
        .map((c) => Math.floor(Number(c) / 10))
        .join(","),
    ),
  );
  expect(entryCount(mask)).toBe(blocks.size * 100);
  for (let i = 0; i < 10; i++) {
    const kept = Array.from({ length: 10 }, (_, j) => j).filter((j) => blocks.has(`${i},${j}`));
    const fixed = kept.filter((j) => i < 2 || j < 2 || Math.abs(i - j) <= 1);
    expect(kept.length - fixed.length).toBe(i < 2 ? 0 : 2);
    expect(fixed).toHaveLength(
      i < 2
        ? 10
        : [2, 1, 0].filter((j) => j < i - 1).length > 0
          ? new Set([0, 1, i - 1, i, Math.min(i + 1, 9)]).size
          : 0,
    );
  }
  expect(new Set(mask.values)).toEqual(new Set([1]));
});

describe("options out of range", () => {
  it.each<[() => CoordinateList, string]>([
    [() => uniformTensor({ shape: [2, 2], entries: 5, seed: 1 }), "entries is 5; expected an integer from 0 to 4"],
    [() => uniformTensor({ shape: [], entries: 0, seed: 1 }), "expected 1 mode or more"],
    [() => uniformTensor({ shape: [2 ** 30, 2 ** 30], entries: 0, seed: 1 }), "at most 2^53 positions"],
    [() => uniformTensor({ shape: [2], entries: 1, seed: 0.5 }), "seed is 0.5"],
    [() => uniformTensor({ shape: [2], entries: 1, seed: 1, values: "twos" as "ones" }), 'values is "twos"'],
    [() => bandedMatrix({ rows: 2, columns: 2, lower: -1, upper: 0, seed: 1 }), "lower is -1"],
    [
      () => bandedMatrix({ rows: 2, columns: 2, lower: 0, upper: 0, fill: 2, seed: 1 }),
      "fill is 2; expected a number from 0 to 1",
    ],
    [() => rmatGraph({ scale: 31, edges: 1, seed: 1 }), "scale is 31; expected an integer from 0 to 30"],
    [
      () => rmatGraph({ scale: 3, edges: 1, quadrants: [0.5, 0.5, 0.5, 0], seed: 1 }),
      "the quadrants add up to 1.5; expected 1",
    ],
    [
      () => rmatGraph({ scale: 3, edges: 1, quadrants: [1, 0, 0] as unknown as [1, 0, 0, 0], seed: 1 }),
      "the quadrants add up to NaN; expected 1",
    ],
    [() => powerLawRows({ rows: 2, columns: 2, entries: 5, exponent: 1, seed: 1 }), "entries is 5"],
    [() => powerLawRows({ rows: 2, columns: 2, entries: 1, exponent: Number.NaN, seed: 1 }), "exponent is NaN"],
    [() => oneDenseRow({ rows: 2, columns: 2, entriesPerRow: 3, seed: 1 }), "entriesPerRow is 3"],
    [
      () => blockSparseMatrix({ rows: 4, columns: 4, blockRows: 2, blockColumns: 2, blocks: 5, seed: 1 }),
      "blocks is 5; expected an integer from 0 to 4",
    ],
    [
      () => blockDiagonalMatrix({ blocks: 2 ** 20, blockRows: 2 ** 20, blockColumns: 1, seed: 1 }),
      "rows in all is 1099511627776",
    ],
    [
      () => blockDiagonalMatrix({ blocks: 2 ** 15, blockRows: 2 ** 10, blockColumns: 2 ** 10, seed: 1 }),
      "entries is 34359738368",
    ],
    [
      () => bigBirdMask({ length: 8, blockSize: 2, windowBlocks: 2, seed: 1 }),
      "windowBlocks is 2; expected an odd number",
    ],
    [() => bigBirdMask({ length: 2 ** 20, blockSize: 1, seed: 1 }), "blocks along the sequence is 1048576"],
  ])("are refused, naming value and range (case %#)", (run, message) => {
    expect(refusal("generator-options", run)).toContain(message);
  });
});
