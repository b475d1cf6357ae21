import { expect, it } from "vitest";
import { scaled, scalingOf } from "../../src/surrogate/scaling.ts";

const none = Number.POSITIVE_INFINITY;

it("takes logarithms where all values are above 0, unless told not to", () => {
  const scaling = (values: readonly number[], logarithmic: boolean | null) =>
    scalingOf(values, { logarithmic, ceiling: null });
  expect(scaling([1, 100], null)).toEqual({ logarithmic: true, ceiling: none, mean: 1, deviation: Math.SQRT2 });
  expect(scaling([1, 3], false)).toEqual({ logarithmic: false, ceiling: none, mean: 2, deviation: Math.SQRT2 });
  expect(scaling([-1, 1], true).logarithmic).toBe(false);
});

it("leaves equal values, or a single one, with a deviation of 1", () => {
  for (const ceiling of [null, 1]) {
    expect(scaled(scalingOf([5, 5, 5], { logarithmic: null, ceiling: null }), 50)).toBeCloseTo(1, 12);
    expect(scalingOf([5], { logarithmic: null, ceiling }).deviation).toBe(1);
  }
});

it("takes values above the ceiling as if they were there, and what is left has mean 0 and deviation 1 again", () => {
  // Mean 4, deviation sqrt(27): the ceiling of half a deviation is at 4 + sqrt(6.75).
  const values = [1, 2, 3, 10, -1, 9];
  const scaling = scalingOf(values, { logarithmic: false, ceiling: 0.5 });
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - 4) ** 2, 0) / 5);
  expect(scaling.ceiling).toBeCloseTo(4 + 0.5 * deviation, 12);
  const modelled = values.map((value) => scaled(scaling, value));
  expect(modelled[3]).toBe(modelled[5]);
  expect(modelled.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
  expect(modelled.reduce((sum, value) => sum + value * value, 0) / 5).toBeCloseTo(1, 12);
  expect(scaled(scaling, 1e9)).toBe(modelled[3]);
});
