import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JobOutcome, ResultLog } from "../../src/index.ts";
import { MemoryLog } from "../support/memory-log.ts";

const outcomes: JobOutcome[] = [
  { id: "a", ok: true, value: { y: [1, null, "ü"] } },
  { id: "b", ok: false, kind: "timeout", message: "longer than 2 s" },
];

function written(): MemoryLog {
  const file = new MemoryLog();
  const log = new ResultLog(file);
  for (const outcome of outcomes) expect(log.add(outcome)).toBe(true);
  return file;
}

describe("a log of results", () => {
  it("gives back what was kept, and keeps the first of two outcomes", () => {
    const file = written();
    const log = new ResultLog(file);
    expect(log.size).toBe(2);
    expect(outcomes.map(({ id }) => log.of(id))).toEqual(outcomes);
    expect(log.add({ id: "a", ok: true, value: 0 })).toBe(false);
    expect(log.of("a")).toEqual(outcomes[0]);
    expect(log.of("c")).toBeUndefined();
  });

  it("goes on after any end, to the same bytes", () => {
    const whole = written().text;
    for (let length = 0; length <= whole.length; length++) {
      const file = new MemoryLog(whole.slice(0, length));
      const log = new ResultLog(file);
      for (const outcome of outcomes) log.add(outcome);
      expect(file.text).toBe(whole);
    }
  });

  it("names the line that was damaged, whatever happened to it", () => {
    const whole = written().text;
    const flips = fc.tuple(fc.nat(whole.length - 2), fc.integer({ min: 32, max: 126 }));
    fc.assert(
      fc.property(flips, ([at, code]) => {
        const text = whole.slice(0, at) + String.fromCharCode(code) + whole.slice(at + 1);
        if (text === whole) return;
        expect(() => new ResultLog(new MemoryLog(text))).toThrow(/^log:[12]: this line is damaged/);
      }),
      { seed: 9, numRuns: 500 },
    );
  });
});
