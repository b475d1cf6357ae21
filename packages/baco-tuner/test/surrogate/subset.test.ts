import { expect, it } from "vitest";
import { Random } from "../../src/numeric/random.ts";
import { chooseSubset } from "../../src/surrogate/subset.ts";

it("a subset holds the best quarter and distinct others, and all samples where they fit", () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
  const chosen = chooseSubset(values, 100, new Random(1));
  expect(new Set(chosen).size).toBe(100);
  expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
  expect(chosen.filter((index) => values[index]! < 25)).toHaveLength(25);
  expect(chooseSubset(values, 1000, new Random(1))).toHaveLength(1000);
});
