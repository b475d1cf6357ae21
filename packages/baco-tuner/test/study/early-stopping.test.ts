import { expect, it } from "vitest";
import { isOutOfRace } from "../../src/study/early-stopping.ts";

const finished = [1, 2, 3, 4, 5].map((value) => [value, value + 2]);

it("a configuration is out of the race whose best value is worse than the median of the others at its step", () => {
  expect(isOutOfRace([3.1], finished)).toBe(true);
  expect(isOutOfRace([3], finished)).toBe(false);
  // At the second step the others' running means are 2 to 6.
  expect(isOutOfRace([9, 4.1], finished)).toBe(true);
  expect(isOutOfRace([9, 4], finished)).toBe(false);
});

it("nothing is stopped before five have come as far", () => {
  expect(isOutOfRace([], finished)).toBe(false);
  expect(isOutOfRace([99], finished.slice(1))).toBe(false);
  expect(isOutOfRace([99, 99], [...finished.slice(1), [1]])).toBe(false);
});
