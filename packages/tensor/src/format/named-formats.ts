import { TensorError } from "../errors.ts";
import type { LevelFormat, LevelKind, TensorFormat } from "./level-format.ts";

const identity = (order: number): number[] => Array.from({ length: order }, (_, mode) => mode);

const uniform = (kind: LevelKind, order: number): TensorFormat => ({
  levels: Array.from({ length: order }, (): LevelFormat => ({ kind })),
  modeOrder: identity(order),
});

/** A format without block levels; `modeOrder` is the modes' own order unless given. */
export function formatOf(
  kinds: readonly LevelKind[],
  modeOrder: readonly number[] = identity(kinds.length),
): TensorFormat {
  return { levels: kinds.map((kind) => ({ kind })), modeOrder };
}

/** Every mode dense, row-major. */
export const denseFormat = (order: number): TensorFormat => uniform("dense", order);

/** Coordinate list: one sorted array for each mode, entries may repeat. */
export function cooFormat(order: number): TensorFormat {
  return formatOf(identity(order).map((mode): LevelKind => (mode === 0 ? "compressed-nonunique" : "singleton")));
}

/** Compressed sparse fibres: every mode compressed. */
export const csfFormat = (order: number): TensorFormat => uniform("compressed", order);

/** Dictionary of keys: every mode hashed. */
export const dokFormat = (order: number): TensorFormat => uniform("hashed", order);

/** Compressed sparse rows. */
export const csr: TensorFormat = formatOf(["dense", "compressed"]);

/** Compressed sparse columns. */
export const csc: TensorFormat = formatOf(["dense", "compressed"], [1, 0]);

/** Doubly compressed sparse rows: empty rows take no room. */
export const dcsr: TensorFormat = formatOf(["compressed", "compressed"]);

/** Doubly compressed sparse columns. */
export const dcsc: TensorFormat = formatOf(["compressed", "compressed"], [1, 0]);

/**
 * A matrix format with row-major dense tiles of `rows` × `columns` below the block coordinates of `outer`:
 * `blockFormat(csr, 4, 4)` is BCSR.
 *
 * @throws {TensorError} `format-invalid` unless `outer` is a two-level format without blocks
 */
export function blockFormat(outer: TensorFormat, rows: number, columns: number): TensorFormat {
  if (outer.levels.length !== 2 || outer.levels.some((level) => level.kind === "block")) {
    throw new TensorError(
      "format-invalid",
      `blocks of ${rows}x${columns} need a two-level format without blocks outside them`,
    );
  }
  return {
    levels: [...outer.levels, { kind: "block", blockSize: rows }, { kind: "block", blockSize: columns }],
    modeOrder: [...outer.modeOrder, 0, 1],
  };
}

/** Names of fixed matrix formats; each may take blocks with a `B` before it: `BCSR(4x4)`. */
export const matrixFormats: ReadonlyMap<string, TensorFormat> = new Map([
  ["CSR", csr],
  ["CSC", csc],
  ["DCSR", dcsr],
  ["DCSC", dcsc],
]);

/** Names of formats that exist for every number of modes. */
export const formatFamilies: ReadonlyMap<string, (order: number) => TensorFormat> = new Map([
  ["dense", denseFormat],
  ["COO", cooFormat],
  ["CSF", csfFormat],
  ["DOK", dokFormat],
]);
