/** Matrix products of tiles. */
import { StepError } from "../errors.ts";
import { multiply } from "../extent/arithmetic.ts";
import type { Extent } from "../extent/extent.ts";
import type { TileType } from "../stream/element-type.ts";
import { TileValue } from "../stream/value.ts";
import type { MapFunction, TileSize } from "./function.ts";

/**
 * [M, K] × [K, N], and [M, K] × [N, K] with the second tile transposed. `scores` is the latter for keys: where a row of
 * the second tile is padding there is no key, and the score is -∞, of which `exp` makes 0.
 */
export const matmulFunctions: readonly MapFunction[] = [
  product("matmul", false),
  product("matmul-transposed", true),
  { ...product("scores", true), apply: ([queries, keys]) => scoresOf(queries!, keys!) },
];

function scoresOf(queries: TileValue, keys: TileValue): TileValue {
  const scores = addProduct(undefined, queries, keys, true);
  for (let row = 0; row < scores.rows; row++) {
    scores.numbers.fill(Number.NEGATIVE_INFINITY, row * keys.rows + keys.validRows, (row + 1) * keys.rows);
  }
  return scores;
}

function product(name: string, transposed: boolean): MapFunction {
  return {
    name,
    arity: 2,
    infer: ([a, b]) => inferProduct(name, a!, b!),
    flops: ([a, b]) => productFlops(a!, b!, transposed),
    symbolicFlops: ([a, b]) => symbolicProductFlops(a!, b!, transposed),
    apply: ([a, b]) => addProduct(undefined, a!, b!, transposed),
  };
}

/** @throws {StepError} `function-arguments` if the inner extents differ. */
export function inferProduct(name: string, a: TileType, b: TileType): TileType {
  const transposed = name !== "matmul";
  const [inner, columns] = transposed ? [b.columns, b.rows] : [b.rows, b.columns];
  if (a.columns === inner && a.scalar === b.scalar) return { ...a, columns };
  const form = transposed ? "[M, K] and [N, K]" : "[M, K] and [K, N]";
  throw new StepError(
    "function-arguments",
    `${name} needs tiles ${form} of one type; got ${a.scalar}[${a.rows}, ${a.columns}] and ${b.scalar}[${b.rows}, ${b.columns}]`,
  );
}

/** Multiplications and additions: 2·M·K·N. */
export function productFlops(a: TileSize, b: TileSize, transposed: boolean): number {
  return 2 * a.rows * a.columns * (transposed ? b.rows : b.columns);
}

/** The same as a formula. */
export function symbolicProductFlops(a: TileType, b: TileType, transposed: boolean): Extent {
  return multiply(2, a.rows, a.columns, transposed ? b.rows : b.columns);
}

/** The product of two tiles, added to `sum` if there is one. */
export function addProduct(sum: TileValue | undefined, a: TileValue, b: TileValue, transposed: boolean): TileValue {
  const inner = transposed ? b.columns : b.rows;
  const columns = transposed ? b.rows : b.columns;
  if (a.columns !== inner || (sum !== undefined && (sum.rows !== a.rows || sum.columns !== columns))) {
    throw new StepError(
      "value-shape",
      `tiles of ${a.rows} × ${a.columns} and ${b.rows} × ${b.columns} have no such product`,
    );
  }
  const numbers = sum === undefined ? new Float64Array(a.rows * columns) : Float64Array.from(sum.numbers);
  const strideOfColumn = transposed ? inner : 1;
  const strideOfInner = transposed ? 1 : columns;
  for (let row = 0; row < a.rows; row++) {
    for (let k = 0; k < inner; k++) {
      const x = a.numbers[row * inner + k]!;
      if (x === 0) continue;
      for (let column = 0; column < columns; column++) {
        numbers[row * columns + column]! += x * b.numbers[column * strideOfColumn + k * strideOfInner]!;
      }
    }
  }
  return new TileValue(a.rows, columns, numbers, a.validRows);
}
