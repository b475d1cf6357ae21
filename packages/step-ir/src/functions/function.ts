/** What the functions inside Map, Accum, Scan and FlatMap tell about themselves. */

import { StepError } from "../errors.ts";
import type { Extent } from "../extent/extent.ts";
import type { ElementType, TileType } from "../stream/element-type.ts";
import type { TileValue } from "../stream/value.ts";

/** Rows and columns of a tile. */
export interface TileSize {
  readonly rows: number;
  readonly columns: number;
}

/** A function from tiles to a tile. */
export interface MapFunction {
  readonly name: string;
  /** Number of arguments. */
  readonly arity: number;
  /**
   * Type of the result.
   *
   * @throws {StepError} `function-arguments` if it has none for these arguments.
   */
  infer(types: readonly TileType[], parameter: number): TileType;
  /** Floating-point operations of one call. */
  flops(sizes: readonly TileSize[]): number;
  /** The same as a formula in the extents of the arguments. */
  symbolicFlops(types: readonly TileType[]): Extent;
  /** The result; `parameter` is the number given with the function, 1 unless given. */
  apply(tiles: readonly TileValue[], parameter: number): TileValue;
}

/** A function that folds tiles into an accumulator. */
export interface AccumFunction {
  readonly name: string;
  /** Tiles taken per step: 1, or 2 if a map is fused with the reduction. */
  readonly arity: number;
  /**
   * Type of the accumulator after `count` steps.
   *
   * @throws {StepError} `function-arguments` if it has none for these arguments.
   */
  infer(types: readonly TileType[], count: Extent): TileType;
  /** Floating-point operations of one step. */
  flops(sizes: readonly TileSize[]): number;
  /** The same as a formula in the extents of the arguments. */
  symbolicFlops(types: readonly TileType[]): Extent;
  /** The accumulator before the first step; `type` is the type after the last. */
  initial(type: TileType): TileValue;
  /** The accumulator after one more step. */
  update(accumulator: TileValue, tiles: readonly TileValue[]): TileValue;
}

/** A function from a tile to any number of tiles. */
export interface FlatMapFunction {
  readonly name: string;
  /**
   * Type of each result, and how many there are for one argument: `undefined` if that varies.
   *
   * @throws {StepError} `function-arguments` if it has none for these arguments.
   */
  infer(type: TileType, parameter: number): { readonly element: TileType; readonly count: Extent | undefined };
  apply(tile: TileValue, parameter: number): readonly TileValue[];
}

/** @throws {StepError} `function-arguments` unless every type is a tile. */
export function expectTiles(types: readonly ElementType[]): readonly TileType[] {
  return types.map((type) => {
    if (type.kind === "tile") return type;
    throw new StepError("function-arguments", `functions take tiles, not a ${type.kind}`);
  });
}
