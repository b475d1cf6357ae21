import { elementCount } from "../element-count.ts";
import { unpack } from "../pack/unpack.ts";
import type { CoordinateList, Tensor } from "../tensor.ts";
import { combineDuplicates } from "./combine-duplicates.ts";
import { checkCoordinateList, entryCount, sortCoordinates } from "./coordinate-list.ts";
import { type SymmetryFacts, symmetryOf } from "./symmetry-of.ts";

/** What the entries of a tensor look like. A *row* is everything at one coordinate of mode 0. */
export interface StructureFacts {
  readonly shape: readonly number[];
  /** Stored entries, explicit zeros and duplicates included. */
  readonly entries: number;
  /** Entries beyond the first at each coordinate. */
  readonly duplicates: number;
  readonly explicitZeros: number;
  /** Distinct coordinates over the product of the extents; 0 for an empty shape. */
  readonly density: number;
  /** Rows without an entry; 0 for a scalar, which has no rows. */
  readonly emptyRows: number;
  /** Most distinct coordinates in one row. */
  readonly maximumRow: number;
  /** Mean of distinct coordinates over all rows, empty ones included. */
  readonly meanRow: number;
  /** Symmetry of a square matrix, duplicates added up; `undefined` for everything else. */
  readonly symmetry: SymmetryFacts | undefined;
}

/**
 * Facts about the entries of a tensor or list, in memory proportional to the entries however large the shape.
 *
 * @throws {TensorError} as `checkCoordinateList` for a faulty list
 *
 * @example
 * ```ts
 * const facts = structureOf(coordinateList([3, 3], [[0, 1, 2], [1, 0, 2]]));
 * facts.emptyRows; // => 1
 * facts.symmetry; // => { structural: true, numeric: "symmetric" }
 * ```
 */
export function structureOf(source: Tensor | CoordinateList): StructureFacts {
  const list = "levels" in source ? unpack(source) : source;
  if (list === source) checkCoordinateList(list);
  const sorted = sortCoordinates(list);
  const { coordinates, valueType, values } = sorted;
  const entries = entryCount(sorted);
  // int32 sums may overflow; facts must not throw on them.
  const wide =
    valueType === "int32" ? { valueType: "float64" as const, values: new Float64Array(values) } : { valueType, values };
  const unique = combineDuplicates({ coordinates, ...wide, count: entries }, { duplicates: "sum", dropZeros: false });
  const nonzero = combineDuplicates(
    { coordinates, valueType, values, count: entries },
    { duplicates: "keep", dropZeros: true },
  );
  const rows = rowFacts(unique.coordinates[0] ?? new Int32Array(0), list.shape[0] ?? 0);
  const volume = elementCount(list.shape);
  const square = list.shape.length === 2 && list.shape[0] === list.shape[1];
  return {
    shape: [...list.shape],
    entries,
    duplicates: entries - unique.count,
    explicitZeros: entries - nonzero.count,
    density: volume === 0 ? 0 : unique.count / volume,
    ...rows,
    symmetry: square ? symmetryOf(unique) : undefined,
  };
}

function rowFacts(
  sortedRows: Int32Array,
  extent: number,
): Pick<StructureFacts, "emptyRows" | "maximumRow" | "meanRow"> {
  let occupied = 0;
  let maximumRow = 0;
  for (let e = 0, start = 0; e < sortedRows.length; e++) {
    if (e + 1 < sortedRows.length && sortedRows[e + 1] === sortedRows[e]) continue;
    occupied += 1;
    maximumRow = Math.max(maximumRow, e + 1 - start);
    start = e + 1;
  }
  return { emptyRows: extent - occupied, maximumRow, meanRow: extent === 0 ? 0 : sortedRows.length / extent };
}
