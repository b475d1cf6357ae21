import { describe, expect, test } from "vitest";
import { compile, interpretDlc, type Memory, operationNest, withFreshOutput } from "../../src/index.ts";
import { linesOf, trafficOf } from "../../src/machine/access/access-trace.ts";
import { recordAccess } from "../../src/machine/access/record-access.ts";
import { memoriesOf } from "../../src/machine/workload.ts";
import { operations, randomFrom, randomInstance } from "../support/random-instance.ts";
import { sls } from "../support/workloads.ts";

const levels = [0, 1, 2, 3] as const;

/** Lines that a stream reads which holds the last one. */
function linesOfPlaces(bytes: Iterable<number>): number {
  let [held, lines] = [-1, 0];
  for (const byte of bytes) {
    if (Math.floor(byte / 64) !== held) lines += 1;
    held = Math.floor(byte / 64);
  }
  return lines;
}

describe("a recorded access unit", () => {
  test.each(operations.map((operation) => [JSON.stringify(operation), operation] as const))(
    "pushes what the interpreter counts: %s",
    (_, operation) => {
      const random = randomFrom(11);
      for (const width of [1, 7, 16, 33]) {
        const instance = randomInstance(operation, { bags: 4, rows: 9, width }, random);
        // Tables without elements: their values play no part.
        const bare = instance.memories.map((memory) =>
          ["i32", "i64", "index"].includes(memory.element) ? memory : { ...memory, array: new Float64Array(0) },
        );
        for (const level of levels) {
          const { dlc } = compile(operationNest(operation), { level, lanes: 4 });
          const [trace] = recordAccess(dlc, bare as Memory[]);
          expect(trafficOf(trace!)).toEqual(interpretDlc(dlc, withFreshOutput(instance).memories));
        }
      }
    },
  );

  test("reads the lines of its rows, whatever the level and the width", () => {
    const random = randomFrom(3);
    for (const width of [1, 4, 16, 20, 33]) {
      const rows = 50;
      const ids = Float64Array.from({ length: 40 }, () => Math.floor(random() * rows));
      const ptr = Float64Array.of(0, 7, 7, 25, 40);
      const workload = { operation: sls, fibres: { ptr, idx: ids }, rows, width };
      const places = [...ids].flatMap((id) => Array.from({ length: width }, (_, j) => 4 * (id * width + j)));
      for (const level of levels) {
        const [trace] = recordAccess(compile(operationNest(sls), { level, lanes: 8 }).dlc, memoriesOf(workload));
        const table = trace!.streams.findIndex(({ argument }) => argument === 2);
        const idx = trace!.streams.findIndex(({ argument }) => argument === 1);
        expect(linesOf(trace!)[table]).toBe(linesOfPlaces(places));
        expect(linesOf(trace!)[idx]).toBe(5);
      }
    }
  });

  test("takes as many turns as its loops, however they are grouped", () => {
    const fibres = { ptr: Float64Array.of(0, 2, 2, 5), idx: Float64Array.of(1, 3, 0, 4, 4) };
    for (const [level, turns] of [
      [0, 5 * 20],
      [3, 5 * 3],
    ] as const) {
      const { dlc } = compile(operationNest(sls), { level, lanes: 8 });
      const [trace] = recordAccess(dlc, memoriesOf({ operation: sls, fibres, rows: 5, width: 20 }));
      const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
      expect(trace!.units.map((unit) => sum(unit.turns.values))).toEqual([3, 5, turns]);
      expect(trace!.units.map((unit) => unit.groupsOfFibre.length)).toEqual([1, 3, 5]);
    }
  });

  test("refuses an id outside of the table", () => {
    const fibres = { ptr: Float64Array.of(0, 1), idx: Float64Array.of(9) };
    expect(() => memoriesOf({ operation: sls, fibres, rows: 9, width: 4 })).toThrow("ids[0] is 9, but the table has 9");
  });
});
