import { describe, expect, it } from "vitest";
import { createSpace } from "../../src/space/create-space.ts";
import { FeatureMap, permutationFeatures } from "../../src/space/features.ts";
import { neighboursOf } from "../../src/space/neighbours.ts";
import type { Parameter, PermutationMetric } from "../../src/space/parameter.ts";
import { rankPermutation, unrankPermutation } from "../../src/space/permutation.ts";

const digits = (text: string) => [...text].map(Number);

function squaredDistance(a: string, b: string, metric: PermutationMetric): number {
  const row = (text: string) => permutationFeatures(digits(text), metric, rankPermutation(digits(text))!);
  const [x, y] = [row(a), row(b)];
  return x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0);
}

describe("distances of permutations", () => {
  it.each([
    ["01234", "10432", 0.4, 4, 8, 2],
    ["01234", "40123", 0.8, 4, 10, 2],
    ["2310", "1302", 0.875, 2, 6, 2],
    ["021", "120", 8 / 9, 1, 4, 2],
    ["30214", "04132", 0.96, 8, 10, 2],
  ])("%s to %s are those of the definitions", (a, b, spearman, kendall, hamming, naive) => {
    expect(squaredDistance(a, b, "spearman")).toBeCloseTo(spearman, 12);
    expect(squaredDistance(a, b, "kendall")).toBe(kendall);
    expect(squaredDistance(a, b, "hamming")).toBe(hamming);
    expect(squaredDistance(a, b, "naive")).toBe(naive);
  });

  it("by position count pairs of elements in another order", () => {
    expect(squaredDistance("2310", "1302", "kendall-position")).toBe(4);
    expect(squaredDistance("021", "120", "kendall-position")).toBe(3);
  });
});

describe("ranks of permutations", () => {
  it("are lexicographic", () => {
    expect(["10432", "40123", "30214"].map((text) => rankPermutation(digits(text)))).toEqual([29, 96, 74]);
    const order = new Int32Array(12);
    for (const rank of [0, 1, 479001599, 123456789]) {
      unrankPermutation(rank, order);
      expect(rankPermutation(order)).toBe(rank);
    }
    expect(rankPermutation([0, 0, 1])).toBeUndefined();
  });
});

const spmm: Parameter[] = [
  { kind: "ordinal", name: "chunk", values: [2, 4, 8, 16, 32, 64], transform: "log" },
  { kind: "ordinal", name: "unroll", values: [1, 2, 4, 8, 16], transform: "log" },
  { kind: "ordinal", name: "omp_chunk", values: [1, 2, 4, 8, 16, 32, 64], transform: "log" },
  { kind: "ordinal", name: "threads", values: Array.from({ length: 19 }, (_, i) => i + 2) },
  { kind: "categorical", name: "schedule", values: [0, 1, 2] },
  { kind: "categorical", name: "monotonic", values: [0, 1] },
  { kind: "categorical", name: "dynamic", values: [0, 1] },
  {
    kind: "permutation",
    name: "order",
    size: 5,
    constraints: [
      "order_i0 < order_i3",
      "order_i1 < order_i3",
      "order_i0 < order_i2",
      "order_i1 < order_i2",
      "(order_i3 < order_i2) | (order_i3 < order_i4)",
    ],
  },
];
const config = {
  chunk: 16,
  unroll: 4,
  omp_chunk: 8,
  threads: 11,
  schedule: 1,
  monotonic: 0,
  dynamic: 1,
  order: [0, 1, 4, 3, 2],
};

describe("a point of a space of loop schedules", () => {
  const space = createSpace(spmm);
  const point = space.locate(config) as Float64Array;

  it("has the columns of its parameters", () => {
    const row = new FeatureMap(spmm).rows([point]);
    const wanted = [0.6, 0.5, 0.5, 0.5, 0, 1, 0, 1, 0, 0, 1, 0, 0.2, 0.8, 0.6, 0.4];
    expect(row).toHaveLength(16);
    wanted.forEach((value, column) => {
      expect(row[column]).toBeCloseTo(value, 12);
    });
  });

  it("has 12 of 120 orders beside it and 36 neighbours", () => {
    const orders = Array.from({ length: 120 }, (_, rank) => point.with(7, rank)).filter((each) => space.contains(each));
    expect(orders.map((each) => (space.configAt(each).order as number[]).join("")).join(" ")).toBe(
      "01234 01324 01342 01432 04132 10234 10324 10342 10432 14032 40132 41032",
    );
    expect(space.size).toBe(BigInt(6 * 5 * 7 * 19 * 12 * 12));
    expect(neighboursOf(space, point)).toHaveLength(5 + 4 + 6 + 6 + 2 + 1 + 1 + 11);
  });
});

it("a value that is alone in its range has the column 0, and a log range is even in its logarithm", () => {
  const parameters: Parameter[] = [
    { kind: "ordinal", name: "one", values: [7] },
    { kind: "real", name: "x", minimum: 1, maximum: 100, transform: "log" },
  ];
  expect([...new FeatureMap(parameters).rows([Float64Array.of(0, 10)])]).toEqual([0, 0.5]);
  expect([...new FeatureMap(parameters, false).rows([Float64Array.of(0, 10)])]).toEqual([7, 1]);
});
