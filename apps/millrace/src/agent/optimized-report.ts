/** What became of right programs that a run went on to make cheaper, beside a control with as many attempts. */
import type { LearningEvent, OptimizedEvent } from "@millrace/aspl-agent";
import { formatCount } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";

/** Costs of one task: at the start, the least cycles and bytes of any design found, and of any that the control found. */
export interface OptimizedRow {
  readonly task: string;
  readonly startCycles: number;
  readonly startBytes: number;
  readonly designs: number;
  readonly cycles: number;
  readonly bytes: number;
  /** `null` if the run did not come to the control. */
  readonly controlCycles: number | null;
  readonly controlBytes: number | null;
}

/** A row for each task that was improved; none if a run did not come to that. */
export function optimizedRows(events: readonly LearningEvent[]): readonly OptimizedRow[] {
  const last = (phase: OptimizedEvent["phase"]): OptimizedEvent | undefined => {
    return events.findLast((event): event is OptimizedEvent => event.type === "optimized" && event.phase === phase);
  };
  const control = last("optimize-control");
  return (last("optimize")?.tasks ?? []).map(({ task, start, frontier }) => {
    const other = control?.tasks.find((one) => one.task === task)?.frontier.map(({ cost }) => cost);
    const costs = frontier.map(({ cost }) => cost);
    return {
      task,
      startCycles: start.cycles,
      startBytes: start.onChipBytes,
      designs: costs.length,
      cycles: Math.min(...costs.map(({ cycles }) => cycles)),
      bytes: Math.min(...costs.map(({ onChipBytes }) => onChipBytes)),
      controlCycles: other === undefined ? null : Math.min(...other.map(({ cycles }) => cycles)),
      controlBytes: other === undefined ? null : Math.min(...other.map(({ onChipBytes }) => onChipBytes)),
    };
  });
}

/** As a table; empty if there is nothing to show. */
export function optimizedText(events: readonly LearningEvent[]): string {
  const rows = optimizedRows(events);
  if (rows.length === 0) return "";
  const cost = (cycles: number | null, bytes: number | null): string =>
    cycles === null || bytes === null ? "-" : `${formatCount(cycles)} / ${formatCount(bytes)}`;
  const table = renderTable(
    [
      { heading: "least cycles / bytes on chip", align: "left" },
      { heading: "learned", align: "right" },
      { heading: "improved", align: "right" },
      { heading: "control", align: "right" },
    ],
    rows.map((row) => [
      row.task,
      cost(row.startCycles, row.startBytes),
      cost(row.cycles, row.bytes),
      cost(row.controlCycles, row.controlBytes),
    ]),
  );
  return `\n${table}\n`;
}
