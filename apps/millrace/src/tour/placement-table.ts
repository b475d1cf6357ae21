/** The experts of the tour, for people and for programs. */
import { formatMicroseconds } from "../moe/describe-schedule.ts";
import { html, type Markup } from "../report/markup.ts";
import { reportTable } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatRatio } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import { EXPERT_TOKENS, type PlacementRun, placementAbout, runPlacements } from "./placement-stop.ts";
import type { TourSection } from "./section.ts";
import { checkedCell } from "./tour-table.ts";

const headings = ["policy", "on PIM", "GPU", "PIM", "layer", "gain", "exclusive", "dual row buffer", "checked"];

/** One routing step under five policies. */
export const placementStop: TourSection = ({ begin }) => {
  const runs = runPlacements((policy) => begin(`Placement, ${policy}`));
  const differing = runs.reduce((sum, run) => sum + run.differing, 0);
  return { table: table(runs), rows: rows(runs), section: section(runs), differing };
};

function gain(run: PlacementRun, runs: readonly PlacementRun[]): number {
  return runs[0]!.schedules.disjoint.layerNs / run.schedules.disjoint.layerNs;
}

function cells(run: PlacementRun, runs: readonly PlacementRun[]): string[] {
  const { disjoint, exclusive, "dual-row-buffer": dual } = run.schedules;
  return [
    run.policy,
    String(disjoint.onPim.length),
    formatMicroseconds(disjoint.gpuNs),
    formatMicroseconds(disjoint.pimNs),
    formatMicroseconds(disjoint.layerNs),
    formatRatio(gain(run, runs)),
    formatMicroseconds(exclusive.layerNs),
    formatMicroseconds(dual.layerNs),
    checkedCell(run),
  ];
}

function table(runs: readonly PlacementRun[]): string {
  const columns = headings.map((heading, at) => ({ heading, align: at === 0 ? "left" : "right" }) as const);
  const title = `Experts of a layer of Qwen3-30B-A3B, ${EXPERT_TOKENS} tokens, on one H200 with PIM in stacks of its own; then sharing its memory`;
  return `\n${title}\n${renderTable(
    columns,
    runs.map((run) => cells(run, runs)),
  )}`;
}

function rows(runs: readonly PlacementRun[]): JsonValue[] {
  return runs.map((run) => ({
    stop: "placement",
    kernel: "Qwen3-30B-A3B layer",
    variant: run.policy,
    nanoseconds: run.schedules.disjoint.layerNs,
    gpuNanoseconds: run.schedules.disjoint.gpuNs,
    pimNanoseconds: run.schedules.disjoint.pimNs,
    lowerBoundNanoseconds: run.schedules.disjoint.lowerBoundNs,
    expertsOnPim: run.schedules.disjoint.onPim.length,
    exclusiveNanoseconds: run.schedules.exclusive.layerNs,
    dualRowBufferNanoseconds: run.schedules["dual-row-buffer"].layerNs,
    speedUp: gain(run, runs),
    checked: { compared: run.compared, differing: run.differing, largestError: 0 },
  }));
}

function section(runs: readonly PlacementRun[]): Markup {
  return html`<section><h2>Expert placement</h2>
<p>${placementAbout}</p>
${reportTable(
  headings.map((heading, at) => ({ heading, numeric: at > 0 })),
  runs.map((run) => cells(run, runs)),
)}
</section>`;
}
