/** Functions that make several tiles of one. */
import { StepError } from "../errors.ts";
import { constant } from "../extent/arithmetic.ts";
import { scalar, TileValue } from "../stream/value.ts";
import type { FlatMapFunction } from "./function.ts";

const mostCounted = 2 ** 24;

/** 0, 1, … up to the argument. */
const range: FlatMapFunction = {
  name: "range",
  infer(type) {
    if (type.rows.value === 1 && type.columns.value === 1) return { element: type, count: undefined };
    throw new StepError(
      "function-arguments",
      `range counts up to a single number; got [${type.rows}, ${type.columns}]`,
    );
  },
  apply(tile) {
    const count = tile.numbers[0]!;
    if (!(Number.isInteger(count) && count >= 0 && count <= mostCounted)) {
      throw new StepError("stream-values", `range needs an integer from 0 to ${mostCounted}, not ${count}`);
    }
    return Array.from({ length: count }, (_, place) => scalar(place));
  },
};

function splitRows(name: string, validOnly: boolean): FlatMapFunction {
  return {
    name,
    infer: (type, parameter) => {
      const rows = type.rows.value;
      if (rows !== undefined && rows % parameter !== 0) {
        throw new StepError("function-arguments", `${name}: ${parameter} does not divide the ${rows} rows of the tile`);
      }
      const count = rows === undefined || validOnly ? undefined : constant(rows / parameter);
      return { element: { ...type, rows: constant(parameter) }, count };
    },
    apply(tile, parameter) {
      const { columns, numbers, validRows } = tile;
      const rows = validOnly ? validRows : tile.rows;
      const parts: TileValue[] = [];
      for (let row = 0; row + parameter <= tile.rows && row < rows; row += parameter) {
        const part = numbers.slice(row * columns, (row + parameter) * columns);
        parts.push(new TileValue(parameter, columns, part, Math.max(0, Math.min(parameter, validRows - row))));
      }
      return parts;
    },
  };
}

/** Tiles of as many columns as the parameter says, from left to right. */
const splitColumns: FlatMapFunction = {
  name: "split-columns",
  infer(type, parameter) {
    const columns = type.columns.value;
    if (columns !== undefined && columns % parameter !== 0) {
      throw new StepError(
        "function-arguments",
        `split-columns: ${parameter} does not divide the ${columns} columns of the tile`,
      );
    }
    const count = columns === undefined ? undefined : constant(columns / parameter);
    return { element: { ...type, columns: constant(parameter) }, count };
  },
  apply(tile, parameter) {
    const parts: TileValue[] = [];
    for (let left = 0; left + parameter <= tile.columns; left += parameter) {
      const part = new Float64Array(tile.rows * parameter);
      for (let row = 0; row < tile.rows; row++) {
        const from = row * tile.columns + left;
        part.set(tile.numbers.subarray(from, from + parameter), row * parameter);
      }
      parts.push(new TileValue(tile.rows, parameter, part, tile.validRows));
    }
    return parts;
  },
};

/** `split-rows` gives all rows of a tile, `split-valid-rows` leaves out padding. */
export const flatMapFunctions: readonly FlatMapFunction[] = [
  range,
  splitRows("split-rows", false),
  splitRows("split-valid-rows", true),
  splitColumns,
];
