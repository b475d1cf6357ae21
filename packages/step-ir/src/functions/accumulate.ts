/** Functions that fold tiles. */

import { StepError } from "../errors.ts";
import { constant, multiply } from "../extent/arithmetic.ts";
import type { TileType } from "../stream/element-type.ts";
import { scalar, TileValue } from "../stream/value.ts";
import { combine } from "./elementwise.ts";
import type { AccumFunction } from "./function.ts";
import { addProduct, inferProduct, productFlops, symbolicProductFlops } from "./matmul.ts";

const empty = new Float64Array(0);
// An accumulator whose size the first step tells.
const nothing = new TileValue(0, 0, empty);
const one = constant(1);

/** All functions for `accum` and `scan`. */
export const accumFunctions: readonly AccumFunction[] = [
  fold("add", 0, (x, y) => x + y),
  fold("multiply", 1, (x, y) => x * y),
  fold("maximum", Number.NEGATIVE_INFINITY, Math.max),
  product("matmul", false),
  product("matmul-transposed", true),
  retile("retile-rows", true),
  retile("retile-columns", false),
  {
    // 1 once everything has been seen: says that all of a group was read.
    name: "all-read",
    arity: 1,
    infer: ([type]) => ({ ...type!, scalar: "u64", rows: one, columns: one }),
    flops: () => 1,
    symbolicFlops: () => one,
    initial: () => scalar(1),
    update: (accumulator) => accumulator,
  },
];

function fold(name: string, start: number, of: (x: number, y: number) => number): AccumFunction {
  return {
    name,
    arity: 1,
    infer: ([type]) => type!,
    flops: ([size]) => size!.rows * size!.columns,
    symbolicFlops: ([type]) => multiply(type!.rows, type!.columns),
    initial: (type) => filled(name, type, start),
    update: (accumulator, [tile]) => combine(accumulator, tile!, of),
  };
}

function product(name: string, transposed: boolean): AccumFunction {
  return {
    name,
    arity: 2,
    infer: ([a, b]) => inferProduct(name, a!, b!),
    flops: ([a, b]) => productFlops(a!, b!, transposed),
    symbolicFlops: ([a, b]) => symbolicProductFlops(a!, b!, transposed),
    initial: (type) => filled(name, type, 0),
    update: (sum, [a, b]) => addProduct(sum === nothing ? undefined : sum, a!, b!, transposed),
  };
}

function retile(name: string, rowwise: boolean): AccumFunction {
  return {
    name,
    arity: 1,
    infer([type], count) {
      if (rowwise) return { ...type!, rows: multiply(type!.rows, count) };
      return { ...type!, columns: multiply(type!.columns, count) };
    },
    flops: () => 0,
    symbolicFlops: () => constant(0),
    initial(type) {
      const other = rowwise ? type.columns : type.rows;
      const size = other.value ?? 0;
      return rowwise ? new TileValue(0, size, empty) : new TileValue(size, 0, empty);
    },
    update: (accumulator, [tile]) => (rowwise ? below(accumulator, tile!) : beside(accumulator, tile!)),
  };
}

/** The largest tile that is accumulated: 512 MiB here, far beyond any on-chip memory. */
const MOST_NUMBERS = 2 ** 26;

function filled(name: string, type: TileType, start: number): TileValue {
  const rows = type.rows.value;
  const columns = type.columns.value;
  // A single number is stretched to the size of the first tile.
  if (rows === undefined || columns === undefined) {
    if (name.startsWith("matmul")) return nothing;
    return new TileValue(1, 1, Float64Array.of(start));
  }
  if (rows * columns > MOST_NUMBERS) {
    const size = `${rows} x ${columns}`;
    throw new StepError(
      "too-much-work",
      `${name}: a tile of ${size} is more than the ${MOST_NUMBERS} numbers that are held; choose smaller tiles`,
    );
  }
  const numbers = new Float64Array(rows * columns);
  // Zeros take no memory before they are touched.
  return new TileValue(rows, columns, start === 0 ? numbers : numbers.fill(start));
}

function below(upper: TileValue, lower: TileValue): TileValue {
  if (upper.rows === 0) return lower;
  if (upper.columns !== lower.columns) throw unfit("retile-rows", upper, lower);
  if (upper.validRows < upper.rows && lower.validRows > 0) {
    throw new StepError("value-shape", "retile-rows: a tile with padding may only be followed by padding");
  }
  const numbers = new Float64Array(upper.numbers.length + lower.numbers.length);
  numbers.set(upper.numbers);
  numbers.set(lower.numbers, upper.numbers.length);
  return new TileValue(upper.rows + lower.rows, upper.columns, numbers, upper.validRows + lower.validRows);
}

function beside(left: TileValue, right: TileValue): TileValue {
  if (left.columns === 0) return right;
  if (left.rows !== right.rows) throw unfit("retile-columns", left, right);
  const columns = left.columns + right.columns;
  const numbers = new Float64Array(left.rows * columns);
  for (let row = 0; row < left.rows; row++) {
    numbers.set(left.numbers.subarray(row * left.columns, (row + 1) * left.columns), row * columns);
    numbers.set(right.numbers.subarray(row * right.columns, (row + 1) * right.columns), row * columns + left.columns);
  }
  return new TileValue(left.rows, columns, numbers, Math.max(left.validRows, right.validRows));
}

function unfit(name: string, a: TileValue, b: TileValue): StepError {
  return new StepError(
    "value-shape",
    `${name} cannot join tiles of ${a.rows} × ${a.columns} and ${b.rows} × ${b.columns}`,
  );
}
