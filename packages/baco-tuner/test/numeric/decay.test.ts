import { expect, it } from "vitest";
import { decayOf } from "../../src/numeric/decay.ts";
import { Random } from "../../src/numeric/random.ts";

it.each([
  [40, 4e-15],
  [700, 4e-14],
])("is the exponential function up to %f, but for a share of %f", (end, share) => {
  const random = new Random("decay", end);
  let worst = 0;
  for (let i = 0; i < 20_000; i++) {
    const q = end * random.float();
    worst = Math.max(worst, Math.abs(decayOf(q) / Math.exp(-q) - 1));
  }
  expect(worst).toBeLessThan(share);
});

it("is the exponential function at its ends and beyond", () => {
  for (const q of [0, 1e-300, 1e-17, 700, 745, 800, Number.POSITIVE_INFINITY]) expect(decayOf(q)).toBe(Math.exp(-q));
  expect(decayOf(Number.NaN)).toBeNaN();
});
