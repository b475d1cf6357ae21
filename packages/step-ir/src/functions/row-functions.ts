/** Functions that look at the rows of a tile, and functions of addresses. */

import { StepError } from "../errors.ts";
import { constant, multiply } from "../extent/arithmetic.ts";
import type { TileType } from "../stream/element-type.ts";
import { scalar, TileValue } from "../stream/value.ts";
import type { MapFunction } from "./function.ts";

/** Sum of each row: [M, N] to [M, 1]. */
const rowSum: MapFunction = {
  name: "row-sum",
  arity: 1,
  infer: ([type]) => ({ ...type!, columns: constant(1) }),
  flops: ([size]) => size!.rows * size!.columns,
  symbolicFlops: ([type]) => multiply(type!.rows, type!.columns),
  apply([tile]) {
    const { rows, columns, numbers, validRows } = tile!;
    const sums = new Float64Array(rows);
    for (let at = 0; at < numbers.length; at++) sums[Math.floor(at / columns)]! += numbers[at]!;
    return new TileValue(rows, 1, sums, validRows);
  },
};

/** The tile with as many valid rows as the second argument says; the numbers of the others become 0. */
const setOffset: MapFunction = {
  name: "set-offset",
  arity: 2,
  infer: ([type, count]) => expectCount("set-offset", type!, count!),
  flops: () => 1,
  symbolicFlops: () => constant(1),
  apply([tile, count]) {
    const { rows, columns, numbers } = tile!;
    const valid = count!.numbers[0]!;
    if (!(Number.isInteger(valid) && valid >= 0 && valid <= rows)) {
      throw new StepError("value-shape", `a tile of ${rows} rows cannot have ${valid} valid ones`);
    }
    const kept = numbers.slice();
    kept.fill(0, valid * columns);
    return new TileValue(rows, columns, kept, valid);
  },
};

/** The tile with one more valid row, whose numbers are those of the second argument. */
const appendRow: MapFunction = {
  name: "append-row",
  arity: 2,
  infer([type, row]) {
    if (row!.rows.value === 1 && row!.columns === type!.columns) return type!;
    throw new StepError(
      "function-arguments",
      `append-row needs a row of ${type!.columns}; got [${row!.rows}, ${row!.columns}]`,
    );
  },
  flops: () => 1,
  symbolicFlops: () => constant(1),
  apply([tile, row]) {
    const { rows, columns, numbers, validRows } = tile!;
    if (validRows >= rows) throw new StepError("value-shape", `append-row: all ${rows} rows of the tile are taken`);
    const grown = numbers.slice();
    grown.set(row!.numbers, validRows * columns);
    return new TileValue(rows, columns, grown, validRows + 1);
  },
};

/** The same numbers, row by row, in as many rows as the parameter says. */
const refold: MapFunction = {
  name: "refold",
  arity: 1,
  infer([type], parameter) {
    const count = multiply(type!.rows, type!.columns).value;
    if (count !== undefined && count % parameter === 0) {
      return { ...type!, rows: constant(parameter), columns: constant(count / parameter) };
    }
    throw new StepError(
      "function-arguments",
      `refold needs a static tile whose numbers fill ${parameter} rows; got [${type!.rows}, ${type!.columns}]`,
    );
  },
  flops: () => 0,
  symbolicFlops: () => constant(0),
  apply: ([tile], parameter) => new TileValue(parameter, tile!.numbers.length / parameter, tile!.numbers),
};

/** First argument times the parameter, plus the second: the address of a tile in a table with rows of fixed length. */
const rowAddress: MapFunction = addressFunction("row-address", 0);

/** As `row-address`, one less: the address of the last of as many tiles as the second argument says. */
const lastAddress: MapFunction = addressFunction("last-address", -1);

function addressFunction(name: string, plus: number): MapFunction {
  return {
    name,
    arity: 2,
    infer: ([row, column]) => expectCount(name, row!, column!),
    flops: () => 1,
    symbolicFlops: () => constant(1),
    apply: ([row, column], parameter) => scalar(row!.numbers[0]! * parameter + column!.numbers[0]! + plus),
  };
}

function expectCount(name: string, type: TileType, count: TileType): TileType {
  if (count.rows.value === 1 && count.columns.value === 1) return type;
  throw new StepError(
    "function-arguments",
    `${name} needs a single number as second argument; got [${count.rows}, ${count.columns}]`,
  );
}

export const rowFunctions: readonly MapFunction[] = [rowSum, setOffset, appendRow, rowAddress, lastAddress, refold];
