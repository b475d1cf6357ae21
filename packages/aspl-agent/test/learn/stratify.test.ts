import { describe, expect, it } from "vitest";
import { meanWithInterval, passAtK, stratify } from "../../src/index.ts";

const levels = (counts: readonly number[], many: number) =>
  stratify(
    counts.map((successes) => ({ successes })),
    many,
  ).map((level) => level.map(({ successes }) => successes));

describe("levels", () => {
  it.each([
    [[2, 7, 9], 3, [[2], [2, 7], [2, 7, 9]]],
    [
      [7, 9, 2, 3],
      3,
      [
        [2, 3],
        [2, 3, 7],
        [2, 3, 7, 9],
      ],
    ],
    [
      [1, 1, 1, 5],
      3,
      [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1, 5],
      ],
    ],
    [[3, 8], 3, [[3], [3, 8]]],
    [[], 3, []],
  ])("of %j in %i are %j", (counts, many, expected) => {
    expect(levels(counts, many)).toEqual(expected);
  });

  it("of 1 to 10 in 4 end at 3, 6, 8 and 10", () => {
    const counts = Array.from({ length: 10 }, (_, index) => index + 1);
    expect(levels(counts, 4).map((level) => level.at(-1))).toEqual([3, 6, 8, 10]);
  });
});

describe("figures", () => {
  it.each([
    [64, 3, 1, 0.046875],
    [64, 3, 8, 0.334677],
    [64, 1, 16, 0.25],
    [10, 4, 3, 0.833333],
    [192, 5, 64, 0.871765],
    [64, 0, 64, 0],
  ])("pass@k of n=%i c=%i k=%i is %d", (n, c, k, expected) => {
    expect(passAtK({ n, c, k })).toBeCloseTo(expected, 6);
  });

  it("a 95 % interval of ten values uses Student's 2.262", () => {
    const { mean, halfWidth } = meanWithInterval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(mean).toBe(5.5);
    expect(halfWidth).toBeCloseTo((2.2622 * 3.02765) / Math.sqrt(10), 3);
  });
});
