/** Functions of single numbers, applied to whole tiles. */
import { StepError } from "../errors.ts";
import { multiply } from "../extent/arithmetic.ts";
import type { Extent } from "../extent/extent.ts";
import type { TileType } from "../stream/element-type.ts";
import { TileValue } from "../stream/value.ts";
import type { MapFunction, TileSize } from "./function.ts";

/** Functions of one tile, each with its operations per number. */
export const unaryFunctions: readonly MapFunction[] = [
  unary("silu", 8, (x) => x / (1 + Math.exp(-x))),
  unary("exp", 4, Math.exp),
  unary("square", 4, (x) => x * x),
  unary("tanh", 4, Math.tanh),
  unary("rsqrt", 4, (x) => 1 / Math.sqrt(x)),
  unary("scale", 1, (x, parameter) => x * parameter),
];

/** Functions of two tiles, one operation per number of the result; an extent of 1 is stretched to the other's. */
export const binaryFunctions: readonly MapFunction[] = [
  binary("add", (x, y) => x + y),
  binary("subtract", (x, y) => x - y),
  binary("multiply", (x, y) => x * y),
  binary("divide", (x, y) => x / y),
  binary("maximum", Math.max),
];

function unary(name: string, flopsEach: number, of: (x: number, parameter: number) => number): MapFunction {
  return {
    name,
    arity: 1,
    infer: ([type]) => type!,
    flops: ([size]) => flopsEach * size!.rows * size!.columns,
    symbolicFlops: ([type]) => multiply(flopsEach, type!.rows, type!.columns),
    apply([tile], parameter) {
      const numbers = tile!.numbers.map((x) => of(x, parameter));
      return new TileValue(tile!.rows, tile!.columns, numbers, tile!.validRows);
    },
  };
}

function binary(name: string, of: (x: number, y: number) => number): MapFunction {
  return {
    name,
    arity: 2,
    infer: ([a, b]) => stretched(name, a!, b!),
    flops: ([a, b]) => stretchedSize(a!, b!),
    symbolicFlops([a, b]) {
      const { rows, columns } = stretched(name, a!, b!);
      return multiply(rows, columns);
    },
    apply: ([a, b]) => combine(a!, b!, of),
  };
}

function stretched(name: string, a: TileType, b: TileType): TileType {
  const extent = (x: Extent, y: Extent, what: string): Extent => {
    if (x === y || y.value === 1) return x;
    if (x.value === 1) return y;
    throw new StepError(
      "function-arguments",
      `${name} needs tiles with equal ${what}, or 1 of them; got ${x} and ${y}`,
    );
  };
  if (a.scalar !== b.scalar) {
    throw new StepError("function-arguments", `${name} needs tiles of one type; got ${a.scalar} and ${b.scalar}`);
  }
  return { ...a, rows: extent(a.rows, b.rows, "rows"), columns: extent(a.columns, b.columns, "columns") };
}

function stretchedSize(a: TileSize, b: TileSize): number {
  return Math.max(a.rows, b.rows) * Math.max(a.columns, b.columns);
}

/** Both tiles number by number; one of them may have 1 row or 1 column where the other has many. */
export function combine(a: TileValue, b: TileValue, of: (x: number, y: number) => number): TileValue {
  const rows = a.rows === 1 ? b.rows : a.rows;
  const columns = a.columns === 1 ? b.columns : a.columns;
  const fits = (tile: TileValue): boolean =>
    (tile.rows === rows || tile.rows === 1) && (tile.columns === columns || tile.columns === 1);
  if (!fits(a) || !fits(b)) {
    throw new StepError(
      "value-shape",
      `tiles of ${a.rows} × ${a.columns} and ${b.rows} × ${b.columns} do not fit together`,
    );
  }
  const numbers = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const rowOfA = a.rows === 1 ? 0 : row * a.columns;
    const rowOfB = b.rows === 1 ? 0 : row * b.columns;
    for (let column = 0; column < columns; column++) {
      const x = a.numbers[rowOfA + (a.columns === 1 ? 0 : column)]!;
      const y = b.numbers[rowOfB + (b.columns === 1 ? 0 : column)]!;
      numbers[row * columns + column] = of(x, y);
    }
  }
  const validRows = Math.max(a.rows === rows ? a.validRows : 0, b.rows === rows ? b.validRows : 0);
  return new TileValue(rows, columns, numbers, validRows);
}
