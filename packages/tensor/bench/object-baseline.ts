import type { CoordinateList } from "../src/index.ts";

/** What {@link packWithObjects} makes: compressed sparse rows. */
export interface RowArrays {
  readonly positions: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/**
 * The plain way to pack a matrix: one object for each entry, sorted by a comparator, duplicates added up.
 *
 * @param major the mode that rows are made of: 0 for CSR, 1 for CSC
 */
export function packWithObjects(list: CoordinateList, major: 0 | 1): RowArrays {
  const entries = Array.from(list.values, (value, e) => ({
    row: list.coordinates[major]![e]!,
    column: list.coordinates[1 - major]![e]!,
    value,
  }));
  entries.sort((a, b) => a.row - b.row || a.column - b.column);
  const kept: typeof entries = [];
  for (const entry of entries) {
    const last = kept.at(-1);
    if (last !== undefined && last.row === entry.row && last.column === entry.column) last.value += entry.value;
    else kept.push(entry);
  }
  const positions = new Int32Array(list.shape[major]! + 1);
  for (const { row } of kept) positions[row + 1]! += 1;
  for (let row = 0; row < list.shape[major]!; row++) positions[row + 1]! += positions[row]!;
  return {
    positions,
    columns: Int32Array.from(kept, ({ column }) => column),
    values: Float64Array.from(kept, ({ value }) => value),
  };
}
