import { describe, expect, it } from "vitest";
import { byKey } from "../../src/study/axis-brush.tsx";
import { comparedStudy, reachedBy, valueText } from "../../src/study/compare-studies.ts";
import { brushed, coordinateAxes } from "../../src/study/coordinates.ts";
import { bestSoFar, qualityOf, valuesOf } from "../../src/study/quality.ts";
import { parseBrushes, parseIndex, printBrushes } from "../../src/study/study-state.ts";
import { smallStudy } from "./small-study.ts";

describe("the quality of evaluations", () => {
  it("puts those without a value first and the best last, the earlier of equals being better", () => {
    const { order, share, best } = qualityOf(smallStudy, 0);
    expect([...order]).toEqual([2, 4, 0, 3, 5, 1]);
    expect([...share]).toEqual([0, 1, Number.NaN, 1 / 3, Number.NaN, 2 / 3]);
    expect(best).toBe(1);
  });

  it("follows the goal of the objective", () => {
    expect(qualityOf(smallStudy, 1).best).toBe(3);
    expect([...bestSoFar(valuesOf(smallStudy, 0), "minimize")]).toEqual([9, 7, 7, 7, 7, 7]);
    expect([...bestSoFar(Float64Array.of(Number.NaN, 2, 1, 3), "maximize")]).toEqual([Number.NaN, 2, 2, 3]);
  });

  it("has no best where nothing has a value", () => {
    const evaluations = { config: [[0], [0]], values: [[null], [null]], outcome: [1] };
    expect(qualityOf({ ...smallStudy, evaluations }, 0).best).toBeUndefined();
  });
});

describe("parallel coordinates", () => {
  const quality = qualityOf(smallStudy, 0);
  const axes = coordinateAxes(smallStudy, quality);

  it("keep choices in bands of their own, the better above the worse", () => {
    const [tile] = axes;
    for (const at of [0, 2, 5]) expect(tile!.places[at]! > 0 && tile!.places[at]! < 0.5).toBe(true);
    for (const at of [1, 3, 4]) expect(tile!.places[at]! > 0.5 && tile!.places[at]! < 1).toBe(true);
    expect(tile!.places[5]).toBeGreaterThan(tile!.places[0]!);
    expect(tile!.labels).toEqual([
      { place: 0.25, text: "8" },
      { place: 0.75, text: "16" },
    ]);
  });

  it("put numbers where they are, and evaluations without a value nowhere", () => {
    expect([...axes[1]!.places]).toEqual([0, 0.5, 1, 0.25, 0.75, 1]);
    expect([...axes[2]!.places]).toEqual([1, 0, Number.NaN, 0.5, Number.NaN, 0]);
    expect(axes.map(({ isObjective }) => isObjective)).toEqual([false, false, true, true]);
  });

  it("thin out the labels of many choices", () => {
    const values = Array.from({ length: 100 }, (_, at) => String(at));
    const many = {
      ...smallStudy,
      parameters: [{ name: "tile", kind: "choice", values }, smallStudy.parameters[1]!],
    } as const;
    const labels = coordinateAxes(many, quality)[0]!.labels;
    expect(labels.length).toBeLessThanOrEqual(12);
  });

  it("brushes are all met, and an evaluation without a value meets none on its axis", () => {
    expect([...brushed(axes, {}, 6)]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...brushed(axes, { share: [0.4, 1] }, 6)]).toEqual([0, 1, 1, 0, 1, 1]);
    expect([...brushed(axes, { share: [0.4, 1], ns: [-0.01, 0.6] }, 6)]).toEqual([0, 1, 0, 0, 0, 1]);
  });

  it("brushes are made, moved, widened and taken away by keys", () => {
    const press = (key: string, shiftKey = false) => ({ key, shiftKey });
    expect(byKey(press("ArrowUp"), undefined)).toEqual([0.75, 1.01]);
    expect(byKey(press("ArrowDown"), [0.5, 0.75])).toEqual([0.45, 0.7]);
    expect(byKey(press("ArrowUp", true), [0.5, 0.75])).toEqual([0.5, 0.8]);
    expect(byKey(press("Escape"), [0.5, 0.75])).toBeUndefined();
    expect(byKey(press("Escape"), undefined)).toBeNull();
    expect(byKey(press("a"), [0.5, 0.75])).toBeNull();
  });
});

describe("what the panel remembers", () => {
  it("brushes are read as they were printed, whatever the names", () => {
    const brushes = { "a:b;c %": [0.25, 0.5], ns: [-0.01, 1.01] } as const;
    expect(parseBrushes(printBrushes(brushes))).toEqual(brushes);
    expect(parseBrushes("ns:1:0;x;%E0:0:1;y:0:1")).toEqual({ y: [0, 1] });
  });

  it("an evaluation is one that there is", () => {
    expect([parseIndex("5", 6), parseIndex("6", 6), parseIndex("-1", 6), parseIndex("", 6)]).toEqual([
      5,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("two studies", () => {
  it("are compared by when each was as good as either came to be", () => {
    const slower = {
      ...smallStudy,
      evaluations: { ...smallStudy.evaluations, values: [[9, 9, null, 8, null, 9], smallStudy.evaluations.values[1]!] },
    };
    const compared = [comparedStudy(smallStudy), comparedStudy(slower)];
    expect(reachedBy(compared, "minimize")).toEqual([
      { value: 8, after: [2, 4] },
      { value: 7, after: [2, undefined] },
    ]);
    expect(compared[0]).toMatchObject({ evaluations: 6, feasible: 4, config: { tile: "16", share: "0.5" } });
    expect(valueText(smallStudy, 0, 5)).toBe("8");
  });
});
