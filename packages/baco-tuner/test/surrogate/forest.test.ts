import { describe, expect, it } from "vitest";
import { Random } from "../../src/numeric/random.ts";
import { drawThreshold, FeasibilityModel } from "../../src/surrogate/feasibility.ts";
import { combineLeaves, Forest } from "../../src/surrogate/forest.ts";

describe("a forest", () => {
  it("adds the variance within leaves to that between trees", () => {
    const two = combineLeaves([1, 3], [0.5, 0.1]);
    expect(two.mean).toBeCloseTo(2, 12);
    expect(two.variance).toBeCloseTo(1.3, 12);
    expect(combineLeaves([2, 2], [0, 0])).toEqual({ mean: 2, variance: 1e-5 });
  });

  it("without bootstrap repeats its samples exactly", () => {
    const random = new Random(3);
    const rows = Float64Array.from({ length: 120 }, () => random.below(50));
    const values = Float64Array.from({ length: 60 }, (_, i) => rows[2 * i]! * 100 + rows[2 * i + 1]!);
    const options = { trees: 5, columns: 0.5, bootstrap: false, randomCuts: true };
    const forest = new Forest({ rows, values, weights: new Float64Array(60).fill(1), width: 2 }, random, options);
    values.forEach((value, i) => {
      expect(forest.meanAt(rows, 2 * i)).toBeCloseTo(value, 6);
    });
  });

  it("with bootstrap follows a step, and is unsure beside it", () => {
    const rows = Float64Array.from({ length: 40 }, (_, i) => i / 39);
    const values = rows.map((x) => (x < 0.5 ? 0 : 1));
    const options = { trees: 200, columns: 1, bootstrap: true, randomCuts: true };
    const forest = new Forest({ rows, values, weights: values.map(() => 1), width: 1 }, new Random(1), options);
    expect(forest.meanAt(Float64Array.of(0.1), 0)).toBeLessThan(0.01);
    expect(forest.meanAt(Float64Array.of(0.9), 0)).toBeGreaterThan(0.99);
    const varianceAt = (x: number) => {
      forest.meanAt(Float64Array.of(x), 0);
      return forest.varianceThere();
    };
    expect(varianceAt(0.5)).toBeGreaterThan(varianceAt(0.1));
  });
});

describe("feasibility", () => {
  const rows = Float64Array.from({ length: 30 }, (_, i) => i / 29);

  it("is certain until something failed", () => {
    const model = new FeasibilityModel(
      { rows, feasible: rows.length > 0 ? [...rows].map(() => true) : [], width: 1 },
      new Random(1),
    );
    expect(model.probability(Float64Array.of(0.4), 0)).toBe(1);
  });

  it("learns where things fail", () => {
    const model = new FeasibilityModel({ rows, feasible: [...rows].map((x) => x < 0.6), width: 1 }, new Random(1));
    expect(model.probability(Float64Array.of(0.2), 0)).toBe(1);
    expect(model.probability(Float64Array.of(0.9), 0)).toBe(0);
  });

  it("draws each of eleven thresholds equally often", () => {
    const random = new Random(4);
    const counts = new Map<number, number>();
    for (let i = 0; i < 11_000; i++) {
      const threshold = drawThreshold(0.1, random);
      counts.set(threshold, (counts.get(threshold) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b).map((x) => Number(x.toFixed(12)))).toEqual(
      Array.from({ length: 11 }, (_, i) => Number((i / 100).toFixed(12))),
    );
    for (const count of counts.values()) expect(count > 850 && count < 1150).toBe(true);
  });
});
