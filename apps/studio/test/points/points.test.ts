import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AxisGoal, beatenBy, designsOf, frontOf } from "../../src/points/designs.ts";
import {
  parseAxis,
  parseGoals,
  parseHidden,
  printGoals,
  printHidden,
  startAxes,
} from "../../src/points/points-state.ts";
import { isWithin, parseRegion, printRegion } from "../../src/points/region.ts";
import type { PointsView } from "../../src/view/points.ts";

const axes = [
  { name: "cycles", unit: "cycles", goal: "minimize" },
  { name: "note", unit: "" },
  { name: "use", unit: "", goal: "maximize" },
] as const;

function viewOf(rows: readonly (readonly (number | null)[])[]): PointsView {
  return {
    axes,
    points: rows.map((values, at) => ({ label: `d${at}`, values, ...(at % 2 === 1 && { group: "odd" }) })),
  };
}

describe("the front", () => {
  const value = fc.option(fc.integer({ min: 0, max: 6 }), { freq: 8 });
  const rows = fc.array(fc.tuple(value, value, value), { maxLength: 40 });
  const goal = fc.constantFrom<AxisGoal>("minimize", "maximize", "none");

  it("is what a comparison of all pairs leaves", () => {
    fc.assert(
      fc.property(rows, fc.tuple(goal, goal, goal), (drawn, goals) => {
        const designs = designsOf(viewOf(drawn));
        const cost = (at: number) =>
          goals.flatMap((one, axis) =>
            one === "none" ? [] : [(one === "maximize" ? -1 : 1) * (drawn[at]![axis] ?? Number.NaN)],
          );
        const whole = [...drawn.keys()].filter((at) => !cost(at).includes(Number.NaN));
        const beats = (a: number, b: number) =>
          cost(a).every((one, i) => one <= cost(b)[i]!) && (cost(a).some((one, i) => one < cost(b)[i]!) || a < b);
        const expected = goals.every((one) => one === "none")
          ? []
          : whole.filter((b) => !whole.some((a) => a !== b && beats(a, b)));
        const front = frontOf(designs, goals, [...drawn.keys()]);
        expect(front).toEqual(expected);
        for (const at of whole)
          if (expected.length > 0 && !front.includes(at))
            expect(front).toContain(beatenBy(designs, goals, { front, at }));
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("is of the designs that are shown", () => {
    const designs = designsOf(
      viewOf([
        [1, 0, 9],
        [2, 0, 3],
        [3, 0, 9],
      ]),
    );
    const goals = parseGoals("", axes);
    expect(frontOf(designs, goals, [0, 1, 2])).toEqual([0]);
    expect(frontOf(designs, goals, [1, 2])).toEqual([1, 2]);
    expect(designs.groups).toEqual(["", "odd"]);
  });
});

describe("what the panel remembers", () => {
  it("goals are a letter for each axis", () => {
    expect(parseGoals("", axes)).toEqual(["minimize", "none", "maximize"]);
    expect(parseGoals("0+-", axes)).toEqual(["none", "maximize", "minimize"]);
    expect(parseGoals("0x-", axes)).toEqual(["minimize", "none", "maximize"]);
    expect(printGoals(["none", "maximize", "minimize"], axes)).toBe("0+-");
    expect(printGoals(["minimize", "none", "maximize"], axes)).toBe("");
  });

  it("axes with goals are shown first", () => {
    expect(startAxes(axes)).toEqual([0, 2]);
    expect([parseAxis("2", 3), parseAxis("3", 3), parseAxis("x", 3)]).toEqual([2, undefined, undefined]);
  });

  it("hidden groups and rectangles are read as they were printed", () => {
    expect([...parseHidden(printHidden(new Set(["", "odd"])))]).toEqual(["", "odd"]);
    for (const text of ["", "[", "{}", "[1]"]) expect(parseHidden(text).size).toBe(0);
    const region = { x: [-1.5, 2e9], y: [1e-7, 4] } as const;
    expect(parseRegion(printRegion(region))).toEqual(region);
    for (const text of ["", "1~2", "2~1,0~1", "a~b,1~2", "1~2,3~4,5~6"]) expect(parseRegion(text)).toBeUndefined();
    expect([isWithin(region, 0, 1), isWithin(region, 0, 5)]).toEqual([true, false]);
  });
});
