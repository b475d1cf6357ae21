/** The experts of the tour, for people and for programs. */
import { paretoFrontier } from "@millrace/step-ir";
import { html, type Markup } from "../report/markup.ts";
import { reportTable } from "../report/page.ts";
import { drawPareto } from "../report/pareto-plot.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatRatio, formatShare } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import { type ExpertsRun, expertsAbout, runExperts } from "./experts-stop.ts";
import type { TourSection } from "./section.ts";
import { checkedCell } from "./tour-table.ts";

const headings = ["rows packed into", "cycles", "moved", "on chip", "padding", "speed-up", "bytes checked"];

/** The experts of the tour. */
export const expertsStop: TourSection = ({ begin }) => {
  const runs = runExperts(begin);
  const differing = runs.reduce((sum, run) => sum + run.differing, 0);
  return { table: expertsTable(runs), rows: expertsRows(runs), section: expertsSection(runs), differing };
};

function cells(run: ExpertsRun, runs: readonly ExpertsRun[]): string[] {
  return [
    run.variant,
    formatCount(run.cycles),
    formatBytes(run.offChipBytes),
    formatBytes(run.onChipBytes),
    formatShare(run.padding / run.rows),
    formatRatio(speedUp(run, runs)),
    checkedCell(run),
  ];
}

function expertsTable(runs: readonly ExpertsRun[]): string {
  const columns = headings.map((heading, at) => ({ heading, align: at === 0 ? "left" : "right" }) as const);
  const rows = runs.map((run) => cells(run, runs));
  return `\nMixtral-8x7B's experts, 64 tokens, as a streaming tensor program\n${renderTable(columns, rows)}`;
}

function expertsRows(runs: readonly ExpertsRun[]): JsonValue[] {
  return runs.map((run) => ({
    stop: "experts",
    kernel: "Experts",
    variant: run.variant,
    cycles: run.cycles,
    bytes: run.offChipBytes,
    onChipBytes: run.onChipBytes,
    rows: run.rows,
    padding: run.padding,
    speedUp: speedUp(run, runs),
    checked: { compared: run.compared, differing: run.differing, largestError: 0 },
  }));
}

function expertsSection(runs: readonly ExpertsRun[]): Markup {
  const columns = headings.map((heading, at) => ({ heading, numeric: at > 0 }));
  const designs = runs.map((run) => ({ ...run, bytes: run.onChipBytes }));
  const frontier = new Set(paretoFrontier(designs));
  const plotted = designs.map((one) => ({
    ...one,
    label: one.variant,
    candidate: one.dynamic,
    onFrontier: frontier.has(one),
  }));
  return html`<section><h2>Experts</h2>
<p>${expertsAbout}</p>
${reportTable(
  columns,
  runs.map((run) => cells(run, runs)),
)}
<figure>${drawPareto(plotted, "allocated")}<figcaption>Less is better on both axes.</figcaption></figure>
</section>`;
}

function speedUp(run: ExpertsRun, runs: readonly ExpertsRun[]): number {
  return Math.max(...runs.map(({ cycles }) => cycles)) / run.cycles;
}
