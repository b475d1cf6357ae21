import { useMemo } from "preact/hooks";
import { exactLabel } from "../chart/number-label.ts";
import type { PanelProps } from "../panel.ts";
import { useRemembered } from "../shell/address.ts";
import type { Cell, TableView } from "../view/table.ts";
import { nextRowOrder, orderedRows, parseRowOrder } from "./row-order.ts";
import { useVisibleRows } from "./visible-rows.ts";

const ROW_PIXELS = 30;

/** A table that sorts by any column and draws only the rows on the screen. */
export function TablePanel({ document, title }: PanelProps<TableView>) {
  const { columns, rows } = document;
  const [orderText, setOrder] = useRemembered("order", "");
  const order = parseRowOrder(orderText, columns.length);
  const numbers = useMemo(() => orderedRows(document, order), [document, orderText]);
  const numeric = useMemo(() => columns.map((_, at) => rows.every((row) => typeof row[at] !== "string")), [document]);
  const { scroller, from, until } = useVisibleRows(rows.length, ROW_PIXELS);
  const direction = order?.descending ? "descending" : "ascending";
  return (
    <section class="table-panel" ref={scroller} aria-label={title}>
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map(({ name, unit }, at) => (
              <th key={name} class={numeric[at] ? "number" : ""} aria-sort={order?.column === at ? direction : "none"}>
                <button type="button" onClick={() => setOrder(nextRowOrder(order, at))}>
                  {name}
                  {unit !== undefined && <small> {unit}</small>}
                  {order?.column === at && (order.descending ? " ↓" : " ↑")}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr class="gap" style={{ height: `${from * ROW_PIXELS}px` }} />
          {numbers.slice(from, until).map((number, at) => (
            <tr key={number} aria-rowindex={from + at + 2}>
              {rows[number]!.map((cell, column) => (
                <td key={columns[column]!.name} class={numeric[column] ? "number" : ""}>
                  {shown(cell)}
                </td>
              ))}
            </tr>
          ))}
          <tr class="gap" style={{ height: `${(rows.length - until) * ROW_PIXELS}px` }} />
        </tbody>
      </table>
    </section>
  );
}

function shown(cell: Cell): string {
  if (cell === null) return "";
  return typeof cell === "number" ? exactLabel(cell) : String(cell);
}
