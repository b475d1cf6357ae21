import type { TensorFormat } from "../format/level-format.ts";

/** What an element of a value array is; `complex128` keeps real and imaginary parts interleaved. */
export type ValueType = "float64" | "float32" | "int32" | "complex128";

/** The values of a tensor. Shared memory is allowed: any of these may be a view of a `SharedArrayBuffer`. */
export type Values = Float64Array | Float32Array | Int32Array;

/** Stored levels, outermost first; p is a position of the parent level (0 at the top). */
export type Level =
  /** Position of coordinate c below parent p: p * size + c. */
  | { readonly kind: "dense"; readonly size: number }
  /** Children of p: coordinates[positions[p] .. positions[p + 1]), strictly rising; `positions` has parents + 1 entries. */
  | {
      readonly kind: "compressed";
      readonly size: number;
      readonly positions: Int32Array;
      readonly coordinates: Int32Array;
    }
  /**
   * The head of a list: as `compressed`, but together with the coordinates of the `singleton` levels directly below, which
   * run parallel to it, tuples rise. A tuple repeats only where nothing but singletons follows.
   */
  | {
      readonly kind: "compressed-nonunique";
      readonly size: number;
      readonly positions: Int32Array;
      readonly coordinates: Int32Array;
    }
  /** The only child of p: coordinates[p], at position p. */
  | { readonly kind: "singleton"; readonly size: number; readonly coordinates: Int32Array }
  /**
   * Bit c of the words of p (word p * wordsPerParent + (c >>> 5), bit c & 31) says whether c is stored; its position is
   * `ranks` of the word plus the set bits below it. `ranks` runs parallel to `words`.
   */
  | { readonly kind: "bitvector"; readonly size: number; readonly words: Uint32Array; readonly ranks: Int32Array }
  /**
   * Slots positions[p] .. positions[p + 1]) form p's table: a power of two (or none), searched from `homeSlot` upwards and
   * around until the coordinate or a free slot, which holds -1. The position of a child is its slot, so values have a
   * (zero) place for free slots too.
   */
  | { readonly kind: "hashed"; readonly size: number; readonly positions: Int32Array; readonly coordinates: Int32Array }
  /**
   * Position of in-tile coordinate c below parent p: p * blockSize + c. `size` is the extent of the whole mode; what sticks
   * out of it is zero.
   */
  | { readonly kind: "block"; readonly size: number; readonly blockSize: number };

/** A tensor in storage: `levels` runs parallel to `format.levels`; values are indexed by positions of the last level. */
export interface Tensor {
  /** Extent of each mode, outermost mode first; `[]` for a scalar. */
  readonly shape: readonly number[];
  readonly format: TensorFormat;
  readonly levels: readonly Level[];
  readonly valueType: ValueType;
  /** One value for each position of the last level (two numbers each for `complex128`). */
  readonly values: Values;
}

/** A coordinate list: entry e is at (coordinates[0][e], coordinates[1][e], …), one array for each mode, all of equal length. */
export interface CoordinateList {
  readonly shape: readonly number[];
  readonly coordinates: readonly Int32Array[];
  readonly valueType: ValueType;
  readonly values: Values;
}
