import { expect, it } from "vitest";
import { nextRowOrder, orderedRows, parseRowOrder } from "../../src/table/row-order.ts";

const table = {
  columns: [{ name: "n" }, { name: "s" }],
  rows: [
    [3, "b10"],
    [null, "b9"],
    [1, "a"],
    [3, "a"],
  ],
};

it("numbers go by value, ties as they came, nothing last in either direction", () => {
  expect(orderedRows(table, { column: 0, descending: false })).toEqual([2, 0, 3, 1]);
  expect(orderedRows(table, { column: 0, descending: true })).toEqual([0, 3, 2, 1]);
});

it("texts go by their words and the numbers in them", () => {
  expect(orderedRows(table, { column: 1, descending: false })).toEqual([2, 3, 1, 0]);
  expect(orderedRows(table, undefined)).toEqual([0, 1, 2, 3]);
});

it("a column goes up, then down, then back", () => {
  expect(nextRowOrder(undefined, 1)).toBe("1");
  expect(nextRowOrder(parseRowOrder("1", 2), 1)).toBe("-1");
  expect(nextRowOrder(parseRowOrder("-1", 2), 1)).toBe("");
  expect(parseRowOrder("2", 2)).toBeUndefined();
  expect(parseRowOrder("x", 2)).toBeUndefined();
  expect(parseRowOrder("-0", 2)).toEqual({ column: 0, descending: true });
});
