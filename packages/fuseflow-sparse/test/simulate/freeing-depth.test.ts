import fc from "fast-check";
import { expect, test } from "vitest";
import { searchDepth } from "../../src/simulate/freeing-depth.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { randomProgram } from "../support/random-programs.ts";

test("the search ends where the graph runs and at one less does not, from above and from below", () => {
  const runs = (depth: number): boolean => depth >= 7;
  for (const expected of [2, 6, 7, 9]) expect(searchDepth({ tooShallow: 1, expected, runs })).toBe(7);
  expect(searchDepth({ tooShallow: 6, expected: 7, runs })).toBe(7);
  expect(searchDepth({ tooShallow: 1, expected: 2, runs: () => false })).toBe(null);
});

test.each(["comal", "sam-sync"] as const)(
  "in profile %s a graph at a standstill runs at the depth that is named, and at one less does not",
  (profile) => {
    let standstills = 0;
    fc.assert(
      fc.property(
        randomProgram,
        fc.constantFrom(1, 2, 3),
        fc.constantFrom("none" as const, "hbm-burst" as const),
        ({ graph, operands }, fifo, memory) => {
          const deadlockAt = (depth: number) =>
            simulateSam(graph, operands, { profile, memory, fifo: depth, mode: "timing" }).report.deadlock;
          const deadlock = deadlockAt(fifo);
          if (deadlock === null) return;
          standstills += 1;
          expect(deadlockAt(deadlock.capacity!)).toBe(null);
          expect(deadlockAt(deadlock.capacity! - 1)).not.toBe(null);
        },
      ),
      { seed: 61, numRuns: 300 },
    );
    expect(standstills).toBeGreaterThan(10);
  },
);
