import { describe, expect, it } from "vitest";
import { readCountersView } from "../../src/view/counters.ts";
import { readPlacementView } from "../../src/view/placement.ts";
import { readPointsView } from "../../src/view/points.ts";
import { readStudyView } from "../../src/view/study.ts";
import { readUnitsView } from "../../src/view/units.ts";
import { smallStudy } from "../study/small-study.ts";

const { evaluations } = smallStudy;
const withEvaluations = (changes: object) => ({ ...smallStudy, evaluations: { ...evaluations, ...changes } });

describe("a study", () => {
  it("is read as it is", () => {
    const whole = {
      ...smallStudy,
      optimum: 6,
      importance: [{ objective: "ns", shares: [{ parameter: "tile", share: 0.5 }] }],
    };
    expect(readStudyView(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });

  it.each([
    [withEvaluations({ outcome: [0, 0, 1, 0, 2] }), "columns of different lengths"],
    [withEvaluations({ outcome: [0, 0, 1, 0, 3, 0] }), "ended in way 3 of 3"],
    [withEvaluations({ outcome: [0, 0, 1, 0, 0, 0] }), 'evaluation 4 must have values exactly if it ended as "ok"'],
    [withEvaluations({ config: [[0, 1, 0, 1, 2, 0], evaluations.config[1]] }), 'evaluation 4 takes no value of "tile"'],
    [withEvaluations({ config: [evaluations.config[0]] }), "1 columns for 2 parameters"],
    [
      withEvaluations({ config: [evaluations.config[0], [0, 1, 2, "3", 4, 5]] }),
      "at $.evaluations.config[1]: expected finite numbers, but item 3 is",
    ],
    [{ ...smallStudy, objectives: [] }, "at $.objectives: expected at least one objective"],
    [{ ...smallStudy, parameters: [{ name: "tile", kind: "odd" }] }, "at $.parameters[0].kind"],
  ])("of another form is refused with the place (%#)", (document, message) => {
    expect(() => readStudyView(document)).toThrow(message);
  });
});

describe("designs", () => {
  const axes = [
    { name: "a", unit: "ns", goal: "minimize" },
    { name: "b", unit: "" },
  ];

  it("have a value or null on each axis", () => {
    expect(readPointsView({ axes, points: [{ label: "x", values: [1, null] }] }).points).toHaveLength(1);
    expect(() => readPointsView({ axes, points: [{ label: "x", values: [1] }] })).toThrow(
      "point 0 has 1 values on 2 axes",
    );
    expect(() => readPointsView({ axes: axes.slice(1), points: [] })).toThrow("expected at least two axes");
  });
});

describe("units", () => {
  const units = {
    label: "A",
    rows: 4,
    columns: 6,
    scale: 2,
    cells: [0, 5],
    owners: [0, 1],
    entries: [3, 2],
    owned: [3, 1],
    work: [3, 2],
    bound: 3,
  };

  it("own cells of the matrix", () => {
    expect(readUnitsView(units)).toEqual(units);
    expect(() => readUnitsView({ ...units, cells: [0, 6] })).toThrow("cell 6 lies outside of 6");
    expect(() => readUnitsView({ ...units, owners: [0, 2] })).toThrow("a cell belongs to unit 2 of 2");
    expect(() => readUnitsView({ ...units, owned: [0] })).toThrow("columns of different lengths");
    expect(() => readUnitsView({ ...units, scale: 0 })).toThrow("at $.scale");
  });
});

describe("a placement", () => {
  const placement = {
    label: "x",
    devices: [{ name: "GPU 0", kind: "gpu", ns: 5 }],
    experts: [{ expert: 3, tokens: 2, device: 0 }],
    times: [],
    notes: [],
  };

  it("puts experts on devices that there are", () => {
    expect(readPlacementView(placement)).toEqual(placement);
    expect(() => readPlacementView({ ...placement, experts: [{ expert: 3, tokens: 2, device: 1 }] })).toThrow(
      "expert 3 is on device 1 of 1",
    );
  });
});

describe("counters", () => {
  it("are finite numbers with a unit", () => {
    const counters = [
      { name: "busy", unit: "cycles", value: 3, owner: "a" },
      { name: "cycles", unit: "cycles", value: 9 },
    ];
    expect(readCountersView(counters)).toEqual(counters);
    expect(() => readCountersView([{ name: "busy", unit: "cycles", value: null }])).toThrow("at $[0].value");
  });
});
