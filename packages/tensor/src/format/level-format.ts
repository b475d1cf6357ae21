/**
 * How one level of a tensor stores the coordinates of one mode (for `block`: of the whole inner tile).
 *
 * `dense`, `compressed`, `singleton` and `hashed` are the level formats of TACO; bitvectors and blocks are added.
 */
export type LevelKind =
  /** Every coordinate 0..size-1; position = parent * size + coordinate. */
  | "dense"
  /** Sorted unique coordinates of each parent, in `coordinates[positions[p] .. positions[p + 1])`. */
  | "compressed"
  /** As `compressed`, but a coordinate may repeat: the first level of a coordinate list. */
  | "compressed-nonunique"
  /** Exactly one coordinate for each parent position. */
  | "singleton"
  /** One bit for each coordinate, 32 to a word; positions count set bits. */
  | "bitvector"
  /** Coordinates of each parent in an open-addressing table, in no order. */
  | "hashed"
  /** A dense tile of fixed extent below sparse block coordinates (the inner levels of block formats). */
  | "block";

/** The format of one level. */
export interface LevelFormat {
  readonly kind: LevelKind;
  /** Extent of the tile along this level's mode; only for `block`. */
  readonly blockSize?: number;
}

/**
 * The list of level formats and the mode order of a tensor: level l stores the coordinates of mode `modeOrder[l]`.
 *
 * Without `block` levels there is one level for each mode. Block levels come last, and a mode that has one appears twice
 * in `modeOrder`: first as the level of block coordinates, then as the level inside the tile (BCSR of a matrix is
 * dense, compressed, block b0, block b1 with modeOrder [0, 1, 0, 1]).
 */
export interface TensorFormat {
  readonly levels: readonly LevelFormat[];
  readonly modeOrder: readonly number[];
}
