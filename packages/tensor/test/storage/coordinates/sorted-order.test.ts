import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coordinateList, sortCoordinates } from "../../../src/index.ts";
import { sortedOrder } from "../../../src/storage/coordinates/sorted-order.ts";

const greatest = 2 ** 31 - 2;
const coordinate = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: greatest }),
);
const keys = fc
  .integer({ min: 1, max: 4 })
  .chain((columns) =>
    fc.array(fc.tuple(...Array.from({ length: columns }, () => coordinate)), { minLength: 1, maxLength: 60 }),
  );

describe("the order of entries", () => {
  it("is that of a stable comparison sort, for coordinates of any width", () => {
    fc.assert(
      fc.property(keys, (rows) => {
        const columns = rows[0]!.map((_, k) => Int32Array.from(rows, (row) => row[k]!));
        const wanted = rows
          .map((_, e) => e)
          .sort((a, b) => {
            const k = rows[a]!.findIndex((c, column) => c !== rows[b]![column]);
            return k < 0 ? 0 : rows[a]![k]! - rows[b]![k]!;
          });
        const identity = wanted.every((from, to) => from === to);
        const order = sortedOrder(columns, rows.length);
        expect(order === undefined).toBe(identity);
        expect(order === undefined ? wanted : [...order]).toEqual(wanted);
      }),
      { seed: 3, numRuns: 400 },
    );
  });
});

it("sorting by other modes puts those first and keeps the list if nothing moves", () => {
  const list = coordinateList(
    [3, 3],
    [
      [0, 2, 1],
      [1, 1, 2],
      [2, 0, 3],
    ],
  );
  expect([...sortCoordinates(list, [1, 0]).values]).toEqual([3, 2, 1]);
  expect(sortCoordinates(list)).toBe(list);
});
