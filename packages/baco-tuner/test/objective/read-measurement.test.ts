import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { measurementFrom, readMeasurement } from "../../src/objective/read-measurement.ts";

const one = { objectives: ["time"] };
const two = { objectives: ["time", "area"], feasibilityName: "Fits", feasibleText: "yes" };

describe("what a program printed", () => {
  test.each([
    ["1.5\n", { ok: true, value: 1.5 }],
    ["noise\n\n -2e-3 \r\n\n", { ok: true, value: -0.002 }],
    ['{"time": 3, "other": "x"}', { ok: true, value: 3 }],
    ['{"value": "4"}', { ok: true, value: 4 }],
    ['{"time": 3, "feasible": false}', { ok: false, kind: "infeasible" }],
    ['{"time": 3, "Valid": "False", "detail": "too big"}', { ok: false, kind: "infeasible", detail: "too big" }],
    ['{"time": 3, "Valid": "True"}', { ok: true, value: 3 }],
    ["nan", { ok: false, kind: "not-a-number", detail: "time is NaN" }],
    ['{"time": -Infinity}', { ok: false, kind: "not-a-number", detail: "time is NaN" }],
    ["1e999", { ok: false, kind: "not-a-number", detail: "time is Infinity" }],
    ["", { ok: false, kind: "garbage", detail: "nothing was printed" }],
    ['{"tim": 3}', { ok: false, kind: "garbage", detail: 'there is no number time in "{\\"tim\\":3}"' }],
    ['{"time": 3', { ok: false, kind: "garbage", detail: 'the last line is no JSON object: "{\\"time\\": 3"' }],
    ["0x10", { ok: false, kind: "garbage", detail: 'expected a number or a JSON object on the last line, not "0x10"' }],
  ])("%j", (text, outcome) => expect(readMeasurement(text, one)).toEqual(outcome));

  it("has several objectives", () => {
    expect(readMeasurement("3, 4", two)).toEqual({ ok: true, value: 3, objectives: [3, 4] });
    expect(readMeasurement('{"area": 4, "time": 3, "Fits": "yes"}', two)).toEqual({
      ok: true,
      value: 3,
      objectives: [3, 4],
    });
    expect(readMeasurement('{"area": 4, "time": 3, "Fits": "no"}', two)).toEqual({ ok: false, kind: "infeasible" });
    expect(readMeasurement("3", two)).toMatchObject({ ok: false, kind: "garbage" });
    expect(measurementFrom([1, 2], two)).toEqual({ ok: true, value: 1, objectives: [1, 2] });
  });

  it("is found by a pattern, the last match counting", () => {
    const pattern = /took (\S+) ms/m;
    expect(readMeasurement("took 3 ms\ntook 2.5 ms\nbye", { ...one, pattern })).toEqual({ ok: true, value: 2.5 });
    expect(readMeasurement("took long", { ...one, pattern })).toMatchObject({ kind: "garbage" });
    expect(readMeasurement("took long ms", { ...one, pattern })).toMatchObject({ kind: "garbage" });
  });

  it("gives an outcome whatever the text, and whatever a function returned", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), fc.anything(), (text, returned) => {
        for (const layout of [one, two]) {
          for (const outcome of [readMeasurement(text, layout), measurementFrom(returned, layout)]) {
            if (outcome.ok) expect(Number.isFinite(outcome.value)).toBe(true);
          }
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
