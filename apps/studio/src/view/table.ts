/** A table of text and numbers. */
import * as v from "valibot";
import { checked } from "../read/checked.ts";

/** One cell: a text, a number, a truth, or nothing. */
export type Cell = string | number | boolean | null;

/** A column of a {@link TableView}. */
export interface TableColumn {
  readonly name: string;
  /** Unit of its numbers, where they have one. */
  readonly unit?: string;
}

/** Rows under columns; every row has as many cells as there are columns. */
export interface TableView {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

const cell = v.union([v.string(), v.number(), v.boolean(), v.null()], "expected a text, a number, a truth or null");

const schema = v.pipe(
  v.object({
    columns: v.array(v.object({ name: v.string(), unit: v.exactOptional(v.string()) })),
    rows: v.array(v.array(cell)),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { columns, rows } = dataset.value;
    const wrong = rows.findIndex((row) => row.length !== columns.length);
    if (wrong < 0) return;
    addIssue({ message: `row ${wrong} has ${rows[wrong]!.length} cells under ${columns.length} columns` });
  }),
);

/**
 * A table from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readTableView(document: unknown): TableView {
  return checked(schema, document, "table");
}
