import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inSteps } from "../../src/chart/in-steps.ts";
import { makeScale, padded, rangeOf } from "../../src/chart/scale.ts";

const labels = (least: number, most: number, logarithmic = false) =>
  makeScale({ least, most, from: 0, to: 100, logarithmic }).ticks.map(({ label }) => label);

describe("a scale", () => {
  it("has ticks at round numbers", () => {
    expect(labels(0, 97)).toEqual(["0", "20", "40", "60", "80"]);
    expect(labels(0.1, 0.35)).toEqual(["0.1", "0.15", "0.2", "0.25", "0.3", "0.35"]);
    expect(labels(-3, 3)).toEqual(["-2", "0", "2"]);
    expect(labels(1, 1e6, true)).toEqual(["1", "100", "10k", "1M"]);
    expect(labels(3, 300, true)).toEqual(["5", "10", "20", "50", "100", "200"]);
  });

  it("puts a single value in the middle, and takes a range that no logarithm has as linear", () => {
    expect(makeScale({ least: 7, most: 7, from: 0, to: 100 }).place(7)).toBe(50);
    expect(makeScale({ least: 0, most: 7, from: 0, to: 100, logarithmic: true }).logarithmic).toBe(false);
  });

  it("finds the value of a place again, and keeps its ticks within its ends", () => {
    const ends = fc.tuple(
      fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
      fc.double({ min: 1.01, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(
        ends,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        ([least, factor], at, logarithmic) => {
          const scale = makeScale({ least, most: least * factor, from: 300, to: 20, logarithmic });
          expect(scale.place(scale.valueAt(20 + 280 * at))).toBeCloseTo(20 + 280 * at, 4);
          expect(scale.ticks.length).toBeLessThan(20);
          for (const { place } of scale.ticks) expect(place >= 20 - 1e-6 && place <= 300 + 1e-6).toBe(true);
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });

  it("knows the range of numbers among others, and gives room at both ends", () => {
    expect(rangeOf([3, Number.NaN, -2, Number.POSITIVE_INFINITY])).toEqual([-2, 3]);
    expect(rangeOf([])).toEqual([0, 1]);
    expect(padded([0, 100], false)).toEqual([-4, 104]);
    expect(padded([1, 10], true)[0]).toBeCloseTo(10 ** -0.04);
  });
});

describe("work in steps", () => {
  it("does all of it in order, the first step at once, and stops when asked to", () => {
    const waiting: (() => void)[] = [];
    const frames = { request: (step: () => void) => waiting.push(step), cancel: () => waiting.pop() };
    const done: string[] = [];
    const work = (from: number, until: number) => done.push(`${from}-${until}`);
    inSteps({ count: 5, most: 2, work }, frames);
    expect(done).toEqual(["0-2"]);
    while (waiting.length > 0) waiting.shift()!();
    expect(done).toEqual(["0-2", "2-4", "4-5"]);
    const stop = inSteps({ count: 5, most: 2, work }, frames);
    stop();
    expect(waiting).toHaveLength(0);
    inSteps({ count: 0, most: 2, work }, frames);
    expect(done).toEqual(["0-2", "2-4", "4-5", "0-2"]);
  });
});
