import { TensorError } from "../../errors.ts";
import { sortedOrder } from "../../storage/coordinates/sorted-order.ts";
import type { CoordinateList, Values } from "../../storage/tensor.ts";
import { componentsOf } from "../../storage/value-array.ts";
import type { DenseTensor } from "../dense-tensor.ts";
import type { Symmetry } from "../header.ts";
import { mirrorSign } from "../read-options.ts";

/**
 * Checks that every entry has its mirror image; of several entries at one place, the n-th mirrors the n-th.
 *
 * @throws {TensorError} `structure-invalid`, naming an entry without its mirror image.
 */
export function checkEntrySymmetry(list: CoordinateList, symmetry: Symmetry, patternOnly: boolean): void {
  const [rows, columns] = list.coordinates as readonly [Int32Array, Int32Array];
  const mirrors = mirrorTest(list.values, componentsOf(list.valueType), symmetry);
  const byRow = sortedOrder([rows, columns], rows.length);
  const byColumn = sortedOrder([columns, rows], rows.length);
  for (let place = 0; place < rows.length; place++) {
    const entry = byRow?.[place] ?? place;
    const mirror = byColumn?.[place] ?? place;
    const placed = rows[entry] === columns[mirror] && columns[entry] === rows[mirror];
    if (!placed || !(patternOnly || mirrors(entry, mirror))) throw unsymmetric(rows[entry]!, columns[entry]!, symmetry);
  }
}

/** As {@link checkEntrySymmetry}, for every element of a square array. */
export function checkArraySymmetry({ shape, valueType, values }: DenseTensor, symmetry: Symmetry): void {
  const extent = shape[0]!;
  const mirrors = mirrorTest(values, componentsOf(valueType), symmetry);
  for (let row = 0; row < extent; row++) {
    for (let column = 0; column <= row; column++) {
      if (!mirrors(row * extent + column, column * extent + row)) throw unsymmetric(row, column, symmetry);
    }
  }
}

function mirrorTest(values: Values, parts: 1 | 2, symmetry: Symmetry): (value: number, mirror: number) => boolean {
  const sign = mirrorSign(symmetry);
  const imaginarySign = symmetry === "hermitian" ? -sign : sign;
  if (parts === 1) return (value, mirror) => isSame(values[value]!, sign * values[mirror]!);
  return (value, mirror) =>
    isSame(values[2 * value]!, sign * values[2 * mirror]!) &&
    isSame(values[2 * value + 1]!, imaginarySign * values[2 * mirror + 1]!);
}

function isSame(left: number, right: number): boolean {
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}

function unsymmetric(row: number, column: number, symmetry: Symmetry): TensorError {
  const rule =
    symmetry === "skew-symmetric" && row === column ? "must be 0" : `does not mirror the one at (${column}, ${row})`;
  return new TensorError(
    "structure-invalid",
    `the matrix is not ${symmetry}: the value at (${row}, ${column}) ${rule}`,
  );
}
