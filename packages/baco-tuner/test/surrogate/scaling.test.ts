import { expect, it } from "vitest";
import { scaled, scalingOf } from "../../src/surrogate/scaling.ts";

it("takes logarithms where all values are above 0, unless told not to", () => {
  expect(scalingOf([1, 100], null)).toEqual({ logarithmic: true, mean: 1, deviation: Math.SQRT2 });
  expect(scalingOf([1, 3], false)).toEqual({ logarithmic: false, mean: 2, deviation: Math.SQRT2 });
  expect(scalingOf([-1, 1], true).logarithmic).toBe(false);
});

it("leaves equal values, or a single one, with a deviation of 1", () => {
  expect(scaled(scalingOf([5, 5, 5], null), 50)).toBeCloseTo(1, 12);
  expect(scalingOf([5], null).deviation).toBe(1);
});
