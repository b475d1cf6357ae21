import { describe, expect, it } from "vitest";
import { GaussianProcess } from "../../src/surrogate/gaussian-process.ts";
import { TransferredProcess, trendOf } from "../../src/surrogate/transferred-process.ts";

describe("the trend of an earlier study", () => {
  const means = Float64Array.of(-2, -1, 0, 1, 2);

  it("is followed in full where this study bears it out, and hardly where it does not", () => {
    // One observation is added that says 1: (10 a + 1) / (10 + 1).
    expect(
      trendOf(
        means,
        means.map((mean) => 3 + mean),
      ),
    ).toEqual({ slope: 1, offset: 3 });
    expect(
      trendOf(
        means,
        means.map((mean) => 2 * mean),
      ).slope,
    ).toBeCloseTo(21 / 11, 12);
    expect(trendOf(means, Float64Array.of(1, -2, 2, -2, 1)).slope).toBeCloseTo(1 / 11, 12);
    expect(
      trendOf(
        means,
        means.map((mean) => -mean),
      ).slope,
    ).toBe(0);
  });

  it("says 1 before anything else does", () => {
    expect(trendOf(Float64Array.of(2), Float64Array.of(5))).toEqual({ slope: 1, offset: 3 });
  });
});

it("a transferred process is the trend plus the process on the rest", () => {
  const hyper = { lengthscales: Float64Array.of(0.5), variance: 1.5, noise: 1e-4 };
  const rows = Float64Array.of(0, 0.5, 1);
  const earlier = new GaussianProcess({ rows, values: Float64Array.of(1, -1, 0.5), width: 1 }, hyper);
  const rest = new GaussianProcess({ rows: rows.slice(0, 2), values: Float64Array.of(0.2, -0.1), width: 1 }, hyper);
  const both = new TransferredProcess(earlier, { slope: 0.5, offset: 2 }, rest);
  const at = Float64Array.of(0.7);
  const wanted = 2 + 0.5 * earlier.meanAt(at, 0) + rest.meanAt(at, 0);
  expect(both.meanAt(at, 0)).toBeCloseTo(wanted, 12);
  const before = both.varianceThere();
  rest.meanAt(at, 0);
  expect(before).toBe(rest.varianceThere());
  both.believe(at);
  expect(both.meanAt(at, 0)).toBeCloseTo(wanted, 3);
  expect(both.varianceThere()).toBeLessThan(0.01 * before);
});
