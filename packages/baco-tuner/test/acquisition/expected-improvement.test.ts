import { expect, it } from "vitest";
import { expectedImprovement, logExpectedImprovement } from "../../src/acquisition/expected-improvement.ts";

it.each([
  [0, 1, 0.5, 0.6977274129155],
  [0.3, 0.2, 0.1, 0.0166472346404],
  [-1.2, 0.05, -1.0, 0.1999003604435],
  [0, 0.01, 0, 0.003939622273492],
])("the expected improvement of mean %d and deviation %d below %d is %d", (mean, deviation, best, wanted) => {
  expect(expectedImprovement({ mean, deviation }, best)).toBeCloseTo(wanted, 12);
  expect(logExpectedImprovement({ mean, deviation }, best)).toBeCloseTo(Math.log(wanted), 10);
});

it("keeps its accuracy far above the best value, and its logarithm never underflows", () => {
  expect(expectedImprovement({ mean: 1.5, deviation: 0.4 }, -0.7) / 1.300105e-9).toBeCloseTo(1, 6);
  expect(logExpectedImprovement({ mean: 10, deviation: 1 }, 0, 0)).toBeCloseTo(-55.5531220361, 8);
  expect(logExpectedImprovement({ mean: 40, deviation: 1 }, 0, 0)).toBeCloseTo(-808.2985683566, 8);
  expect(logExpectedImprovement({ mean: 1e9, deviation: 1e-5 }, 0)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
});

it("its logarithm is smooth where the tail takes over", () => {
  const at = (v: number) => logExpectedImprovement({ mean: -v, deviation: 1 }, 0, 0);
  expect(Math.abs(at(-6 + 1e-9) - at(-6 - 1e-9))).toBeLessThan(1e-6);
});
