/** Designs as a table that draws only the rows on the screen. */
import { exactLabel } from "../chart/number-label.ts";
import { useVisibleRows } from "../table/visible-rows.ts";
import type { PointsView } from "../view/points.ts";

interface DesignsTableProps {
  readonly view: PointsView;
  readonly rows: readonly number[];
  readonly onFront: ReadonlySet<number>;
  readonly chosen: number | undefined;
  choose(design: number): void;
}

const ROW_PIXELS = 30;

/** The table; a click on a row chooses its design. */
export function DesignsTable({ view, rows, onFront, chosen, choose }: DesignsTableProps) {
  const { scroller, from, until } = useVisibleRows(rows.length, ROW_PIXELS);
  const { axes, points } = view;
  const hasGroups = points.some(({ group }) => group !== undefined);
  return (
    <section class="table-panel evaluations" ref={scroller} aria-label="Designs">
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th>design</th>
            {hasGroups && <th>group</th>}
            <th>front</th>
            {axes.map(({ name, unit }) => (
              <th key={name} class="number">
                {name} {unit !== name && <small>{unit}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr class="gap" style={{ height: `${from * ROW_PIXELS}px` }} />
          {rows.slice(from, until).map((at, place) => (
            <tr key={at} aria-rowindex={from + place + 2} aria-selected={at === chosen} onClick={() => choose(at)}>
              <td>{points[at]!.label}</td>
              {hasGroups && <td>{points[at]!.group ?? ""}</td>}
              <td>{onFront.has(at) ? "●" : ""}</td>
              {axes.map(({ name }, axis) => (
                <td key={name} class="number">
                  {points[at]!.values[axis] === null ? "" : exactLabel(points[at]!.values[axis]!)}
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
