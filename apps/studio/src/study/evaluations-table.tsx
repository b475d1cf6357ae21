/** Evaluations as a table that draws only the rows on the screen. */
import { useEffect } from "preact/hooks";
import { exactLabel } from "../chart/number-label.ts";
import { useVisibleRows } from "../table/visible-rows.ts";
import type { StudyView } from "../view/study.ts";
import { valueText } from "./compare-studies.ts";

interface EvaluationsTableProps {
  readonly study: StudyView;
  /** Evaluations to list, in the order to list them in. */
  readonly rows: readonly number[];
  readonly chosen: number | undefined;
  choose(evaluation: number): void;
}

const ROW_PIXELS = 30;

/** The table; a click on a row chooses its evaluation, and the chosen row is kept in sight. */
export function EvaluationsTable({ study, rows, chosen, choose }: EvaluationsTableProps) {
  const { scroller, from, until } = useVisibleRows(rows.length, ROW_PIXELS);
  const { parameters, objectives, outcomes, evaluations } = study;
  useEffect(() => {
    const at = chosen === undefined ? -1 : rows.indexOf(chosen);
    const box = scroller.current;
    if (at < 0 || box === null) return;
    const top = at * ROW_PIXELS;
    if (top < box.scrollTop || top + 2 * ROW_PIXELS > box.scrollTop + box.clientHeight)
      box.scrollTop = top - box.clientHeight / 2;
  }, [chosen, rows]);
  return (
    <section class="table-panel evaluations" ref={scroller} aria-label="Evaluations">
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th class="number">no.</th>
            {objectives.map(({ name }) => (
              <th key={name} class="number">
                {name}
              </th>
            ))}
            <th>ended</th>
            {parameters.map(({ name }) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr class="gap" style={{ height: `${from * ROW_PIXELS}px` }} />
          {rows.slice(from, until).map((at, place) => (
            <tr
              key={at}
              aria-rowindex={from + place + 2}
              aria-selected={at === chosen}
              class={evaluations.outcome[at] === 0 ? "" : "failed"}
              onClick={() => choose(at)}
            >
              <td class="number">{at + 1}</td>
              {objectives.map(({ name }, o) => (
                <td key={name} class="number">
                  {evaluations.values[o]![at] === null ? "" : exactLabel(evaluations.values[o]![at]!)}
                </td>
              ))}
              <td>{outcomes[evaluations.outcome[at]!]}</td>
              {parameters.map(({ name }, p) => (
                <td key={name}>{valueText(study, p, at)}</td>
              ))}
            </tr>
          ))}
          <tr class="gap" style={{ height: `${(rows.length - until) * ROW_PIXELS}px` }} />
        </tbody>
      </table>
    </section>
  );
}
