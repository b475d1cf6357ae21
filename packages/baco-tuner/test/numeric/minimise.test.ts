import { expect, it } from "vitest";
import { minimise } from "../../src/numeric/minimise.ts";

function rosenbrock(x: Float64Array, gradient: Float64Array): number {
  const [a, b] = [x[0]!, x[1]!];
  gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
  gradient[1] = 200 * (b - a * a);
  return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
}
const box = (low: number, high: number) => ({ lower: Float64Array.of(low, low), upper: Float64Array.of(high, high) });

it("finds the end of a curved valley", () => {
  const { x } = minimise(rosenbrock, Float64Array.of(-1.2, 1), { ...box(-5, 5), iterations: 200, tolerance: 1e-16 });
  expect(x[0]).toBeCloseTo(1, 4);
  expect(x[1]).toBeCloseTo(1, 4);
});

it("stays in its box and finds the least value on its side", () => {
  const { x } = minimise(rosenbrock, Float64Array.of(-1.2, 1), { ...box(-2, 0.5), iterations: 200, tolerance: 1e-16 });
  expect(x[0]).toBeCloseTo(0.5, 4);
  expect(x[1]).toBeCloseTo(0.25, 4);
});

it("gives up where the start is not defined", () => {
  expect(minimise(() => Number.NaN, Float64Array.of(0, 0), { ...box(-1, 1), iterations: 5 }).value).toBe(
    Number.POSITIVE_INFINITY,
  );
});
