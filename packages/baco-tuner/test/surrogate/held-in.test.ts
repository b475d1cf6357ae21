import { expect, it } from "vitest";
import { Random } from "../../src/numeric/random.ts";
import { chooseSurrogate } from "../../src/surrogate/held-in.ts";

const hyper = { lengthscales: Float64Array.of(0.7, 0.7), variance: 1, noise: 1e-4 };

function choice(value: (x: number, y: number) => number, count = 40): string {
  const random = new Random("held-in");
  const rows = Float64Array.from({ length: 2 * count }, () => random.float());
  const values = Float64Array.from({ length: count }, (_, i) => value(rows[2 * i]!, rows[2 * i + 1]!));
  return chooseSurrogate({ rows, values, width: 2 }, { hyper, trees: 50 }, new Random("folds"));
}

it("smooth values are left to a process, steps to a forest", () => {
  expect(choice((x, y) => Math.sin(3 * x) + y * y)).toBe("gaussian_process");
  expect(choice((x) => (x < 0.37 ? 2 : x < 0.42 ? -2 : 0.5))).toBe("random_forest");
});

it("few points are left to a process", () => {
  expect(choice((x) => (x < 0.37 ? 2 : x < 0.42 ? -2 : 0.5), 14)).toBe("gaussian_process");
});
