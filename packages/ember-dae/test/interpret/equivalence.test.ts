import { describe, expect, test } from "vitest";
import {
  compile,
  describeDifference,
  firstDifference,
  instantiate,
  memoryFrom,
  type Operation,
  operationNest,
  parseProgram,
  printProgram,
} from "../../src/index.ts";
import { operations, randomFrom, randomInstance } from "../support/random-instance.ts";

const sls: Operation = { kind: "bag", weights: "none", reduce: "add", finish: "none", table: "f32", index: "i64" };

function small() {
  const table = memoryFrom(
    "f32",
    [5, 16],
    Array.from({ length: 80 }, (_, at) => 10 * Math.floor(at / 16) + (at % 16)),
  );
  const fibres = { ptr: Float64Array.of(0, 2, 2, 5), idx: Float64Array.of(1, 3, 0, 4, 4), val: undefined };
  return instantiate(sls, { table, fibres });
}

test.each(operations.map((operation) => [JSON.stringify(operation), operation] as const))(
  "every level stores what the loop nest stores, in its order: %s",
  (_, operation) => {
    const instance = randomInstance(operation, { bags: 4, rows: 6, width: 9 }, randomFrom(8));
    const scf = operationNest(operation);
    for (const level of [0, 1, 2, 3] as const) {
      const { slc, slcv, dlc } = compile(scf, { level, lanes: 4 });
      for (const program of [slc, slcv, dlc]) expect(firstDifference(scf, program, instance.memories)).toBeUndefined();
    }
  },
);

describe("a program with a mistake is found at its first wrong store", () => {
  const scf = operationNest(sls);
  const { slcv, dlc } = compile(scf, { level: 3, lanes: 8 });

  test("a loop over vectors of 8 that goes on by 1", () => {
    const text = printProgram(slcv);
    const wrong = text.replace("{value = 8 : index}", "{value = 1 : index}");
    expect(wrong).not.toBe(text);
    const difference = firstDifference(scf, parseProgram(wrong), small().memories)!;
    expect(difference).toMatchObject({ store: 8, argument: 3, indices: [0, 8] });
    expect(describeDifference(difference)).toMatch(/^store 8, to argument 3 at \[0, 8\]: /);
  });

  test("rows that are added once a bag", () => {
    // The token of a lookup at the end of the loop over lookups, and what it needs with it.
    const text = printProgram(dlc);
    const token = text.replace('"dlc.token"(%17) {event = "end", id = 0', '"dlc.token"(%13) {event = "end", id = 0');
    expect(token).not.toBe(text);
    const difference = firstDifference(scf, parseProgram(token), small().memories)!;
    // The first bag has two lookups, of which one was added.
    expect(difference.indices).toEqual([0, 0]);
    expect(describeDifference(difference)).toContain("instead of");
  });

  test("vectors that are pushed once a row", () => {
    const text = printProgram(dlc);
    const wrong = text.replace(/(dlc\.push"\(.*)event = "ite"/, '$1event = "end"');
    expect(wrong).not.toBe(text);
    const difference = firstDifference(scf, parseProgram(wrong), small().memories)!;
    // At the end of a row only its last vector is left, which stands first in the queue.
    expect(difference).toMatchObject({ store: 0, argument: 3, indices: [0, 0] });
  });
});
