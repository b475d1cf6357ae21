import { describe, expect, it } from "vitest";
import { balanceOf, columnsOf } from "../../src/partition/balance.ts";
import { unitColor } from "../../src/partition/unit-colors.ts";

describe("the balance of units", () => {
  it("counts what there is", () => {
    expect(balanceOf([3, 0, 5, 4])).toEqual({ units: 4, work: 12, mean: 3, most: 5, idle: 1 });
    expect(balanceOf([])).toEqual({ units: 0, work: 0, mean: 0, most: 0, idle: 0 });
  });

  it("keeps the highest where units share a bar", () => {
    expect(columnsOf([1, 2, 9, 4, 5], 3)).toEqual([
      { from: 0, work: 2 },
      { from: 2, work: 9 },
      { from: 4, work: 5 },
    ]);
    expect(columnsOf([1, 2], 100)).toHaveLength(2);
    expect(
      columnsOf(
        Array.from({ length: 5000 }, () => 1),
        300,
      ).length,
    ).toBeLessThanOrEqual(300);
  });

  it("neighbours differ in colour", () => {
    for (const units of [2, 7, 12, 13, 500])
      for (let unit = 1; unit < units; unit++) expect(unitColor(unit, units)).not.toBe(unitColor(unit - 1, units));
  });
});
