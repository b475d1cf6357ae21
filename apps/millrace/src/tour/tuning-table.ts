/** The studies of the tour, for people and for programs. */
import { html, type Markup } from "../report/markup.ts";
import { reportTable } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatCount } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import type { TourSection } from "./section.ts";
import { checkedCell } from "./tour-table.ts";
import { EVALUATIONS, meanRatio, runTunings, SEEDS, type TuningRun, tuningAbout } from "./tuning-stop.ts";

const marks = [10, 20, EVALUATIONS] as const;
const headings = ["tuner", ...marks.map((mark) => `after ${mark}`), "worst", "optimum", "suggestions checked"];

function cells(run: TuningRun): string[] {
  return [
    run.variant,
    ...marks.map((mark) => meanRatio(run, mark).toFixed(3)),
    worstRatio(run).toFixed(3),
    `${run.optimum.toFixed(3)} ms`,
    checkedCell(run),
  ];
}

/** The studies of the tour. */
export const tuningStop: TourSection = ({ begin }) => {
  const runs = runTunings(begin);
  const differing = runs.reduce((sum, run) => sum + run.differing, 0);
  return { table: tuningTable(runs), rows: tuningRows(runs), section: tuningSection(runs), differing };
};

function tuningTable(runs: readonly TuningRun[]): string {
  const first = runs[0]!;
  const columns = headings.map((heading, at) => ({ heading, align: at === 0 ? "left" : "right" }) as const);
  return `\nTuning a recorded GPU kernel (${first.space}, ${formatCount(first.size)} configurations): best found over best there is, ${SEEDS} seeds\n${renderTable(columns, runs.map(cells))}`;
}

function tuningRows(runs: readonly TuningRun[]): JsonValue[] {
  return runs.map((run) => ({
    stop: "tuning",
    kernel: "Tuning",
    variant: run.variant,
    space: run.space,
    configurations: run.size,
    evaluations: EVALUATIONS,
    seeds: SEEDS,
    optimum: run.optimum,
    best: run.histories.map((history) => history.at(-1)!),
    ratio: meanRatio(run, EVALUATIONS),
    ratios: Object.fromEntries(marks.map((mark) => [String(mark), meanRatio(run, mark)])),
    checked: { compared: run.compared, differing: run.differing, largestError: 0 },
  }));
}

function tuningSection(runs: readonly TuningRun[]): Markup {
  const columns = headings.map((heading, at) => ({ heading, numeric: at > 0 }));
  return html`<section><h2>Tuning</h2>
<p>${tuningAbout}</p>
${reportTable(columns, runs.map(cells))}
</section>`;
}

function worstRatio({ histories, optimum }: TuningRun): number {
  return Math.max(...histories.map((history) => history.at(-1)!)) / optimum;
}
