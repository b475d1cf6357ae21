/** The order of a table's rows: by one column, up or down, ties as they came. */
import type { Cell, TableView } from "../view/table.ts";

/** A column and a direction, or the rows as they came. */
export interface RowOrder {
  readonly column: number;
  readonly descending: boolean;
}

/** Reads `3` or `-3`; anything else is no order. */
export function parseRowOrder(text: string, columns: number): RowOrder | undefined {
  const [, sign, digits] = /^(-?)(\d{1,4})$/.exec(text) ?? [];
  const column = Number(digits);
  return digits === undefined || column >= columns ? undefined : { column, descending: sign === "-" };
}

/** The text of an order, and of the one that a click on `column` asks for. */
export function nextRowOrder(order: RowOrder | undefined, column: number): string {
  if (order?.column !== column) return String(column);
  return order.descending ? "" : `-${column}`;
}

// Nothing goes last in either direction.
function compare(left: Cell, right: Cell): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right), "en", { numeric: true });
}

/** The numbers of the rows in the order that was asked for. */
export function orderedRows({ rows }: TableView, order: RowOrder | undefined): readonly number[] {
  const numbers = rows.map((_, at) => at);
  if (order === undefined) return numbers;
  const { column, descending } = order;
  const cellOf = (at: number): Cell => rows[at]![column] ?? null;
  return numbers.sort((a, b) => {
    const [left, right] = [cellOf(a), cellOf(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || a - b;
    return (descending ? compare(right, left) : compare(left, right)) || a - b;
  });
}
