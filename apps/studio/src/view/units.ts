/** Units of work over the matrix that they divide. */
import * as v from "valibot";
import { checked, count } from "../read/checked.ts";
import { counts } from "./numbers.ts";

/** A matrix in cells, each of `scale` x `scale` positions, and which unit owns what is stored in them. */
export interface UnitsView {
  /** What the matrix is, such as `A(i,j)`. */
  readonly label: string;
  /** Extents of the matrix. */
  readonly rows: number;
  readonly columns: number;
  /** Positions along each side of a cell. */
  readonly scale: number;
  /** Cells that hold entries, row after row: row of the cell times cells in a row, plus its column. */
  readonly cells: readonly number[];
  /** For each of these cells the unit that owns most of its entries. */
  readonly owners: readonly number[];
  /** Entries of each cell, and how many of them are the owner's. */
  readonly entries: readonly number[];
  readonly owned: readonly number[];
  /** Work of each unit. */
  readonly work: readonly number[];
  /** No unit has more work than this. */
  readonly bound: number;
}

const schema = v.pipe(
  v.object({
    label: v.string(),
    rows: count,
    columns: count,
    scale: v.pipe(count, v.minValue(1, "expected at least 1")),
    cells: counts,
    owners: counts,
    entries: counts,
    owned: counts,
    work: counts,
    bound: count,
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const message = inconsistency(dataset.value);
    if (message !== undefined) addIssue({ message });
  }),
);

function inconsistency({ rows, columns, scale, cells, owners, entries, owned, work }: UnitsView): string | undefined {
  if ([owners, entries, owned].some(({ length }) => length !== cells.length)) return "columns of different lengths";
  const most = Math.ceil(rows / scale) * Math.ceil(columns / scale);
  const outside = cells.find((cell) => cell >= most);
  if (outside !== undefined) return `cell ${outside} lies outside of ${most}`;
  const unknown = owners.find((unit) => unit >= work.length);
  return unknown === undefined ? undefined : `a cell belongs to unit ${unknown} of ${work.length}`;
}

/**
 * Units from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readUnitsView(document: unknown): UnitsView {
  return checked(schema, document, "units");
}
