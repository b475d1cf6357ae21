import { exactLabel, shareLabel } from "../chart/number-label.ts";
import { useVisibleRows } from "../table/visible-rows.ts";
import type { CounterDifference } from "./differences.ts";

const ROW_PIXELS = 30;

interface DifferencesTableProps {
  readonly differences: readonly CounterDifference[];
  readonly title: string;
}

/** Counters here and there, with how much they changed. */
export function DifferencesTable({ differences, title }: DifferencesTableProps) {
  const { scroller, from, until } = useVisibleRows(differences.length, ROW_PIXELS);
  return (
    <section class="table-panel" ref={scroller} aria-label={`${title}, compared`}>
      <table aria-rowcount={differences.length + 1}>
        <thead>
          <tr>
            <th>owner</th>
            <th>counter</th>
            <th class="number">here</th>
            <th class="number">there</th>
            <th>unit</th>
            <th class="number">here over there</th>
            <th class="bar-column">change</th>
          </tr>
        </thead>
        <tbody>
          <tr class="gap" style={{ height: `${from * ROW_PIXELS}px` }} />
          {differences.slice(from, until).map(({ owner, name, unit, here, there, change }, at) => (
            <tr key={from + at} aria-rowindex={from + at + 2}>
              <td>{owner ?? "the run"}</td>
              <td>{name}</td>
              <td class="number">{here === undefined ? "-" : exactLabel(here)}</td>
              <td class="number">{there === undefined ? "-" : exactLabel(there)}</td>
              <td>{unit}</td>
              <td class="number">{ratioLabel(here, there)}</td>
              <td title={shareLabel(change)}>
                <i class="bar" style={{ width: `${(100 * change).toFixed(2)}%` }} />
              </td>
            </tr>
          ))}
          <tr class="gap" style={{ height: `${(differences.length - until) * ROW_PIXELS}px` }} />
        </tbody>
      </table>
    </section>
  );
}

function ratioLabel(here: number | undefined, there: number | undefined): string {
  if (here === undefined || there === undefined || here === 0 || there === 0) return "";
  return `${Number((here / there).toPrecision(4))}x`;
}
