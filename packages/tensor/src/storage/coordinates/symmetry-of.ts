import { componentsOf } from "../value-array.ts";
import type { SortedEntries } from "./combine-duplicates.ts";
import { sortedOrder } from "./sorted-order.ts";

/** Symmetry of a square matrix. */
export interface SymmetryFacts {
  /** Whether (j, i) is stored wherever (i, j) is. */
  readonly structural: boolean;
  /** What holds for every pair of values; an entry stored alone counts against all. Real symmetric is not called hermitian. */
  readonly numeric: "general" | "symmetric" | "skew-symmetric" | "hermitian";
}

/** Symmetry of the unique entries of a square matrix, sorted by rows, then columns. */
export function symmetryOf(entries: SortedEntries): SymmetryFacts {
  const [rows, columns] = entries.coordinates as readonly [Int32Array, Int32Array];
  const { count, values } = entries;
  const components = componentsOf(entries.valueType);
  // Entry e of the matrix and entry order[e] of the transpose-sorted list must mirror each other.
  const order = sortedOrder([columns, rows], count);
  let [symmetric, skew, hermitian] = [true, true, components === 2];
  for (let e = 0; e < count; e++) {
    const mirror = order === undefined ? e : order[e]!;
    if (rows[e] !== columns[mirror] || columns[e] !== rows[mirror]) return { structural: false, numeric: "general" };
    const real = values[e * components]!;
    const mirrorReal = values[mirror * components]!;
    const imaginary = components === 2 ? values[2 * e + 1]! : 0;
    const mirrorImaginary = components === 2 ? values[2 * mirror + 1]! : 0;
    symmetric &&= real === mirrorReal && imaginary === mirrorImaginary;
    skew &&= real === -mirrorReal && imaginary === -mirrorImaginary;
    hermitian &&= real === mirrorReal && imaginary === -mirrorImaginary;
  }
  if (symmetric) return { structural: true, numeric: "symmetric" };
  return { structural: true, numeric: skew ? "skew-symmetric" : hermitian ? "hermitian" : "general" };
}
