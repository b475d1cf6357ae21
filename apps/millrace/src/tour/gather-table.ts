/** The gathers of the tour, for people and for programs. */

import { formatTime } from "../dram/describe-dram.ts";
import { html, type Markup } from "../report/markup.ts";
import { reportTable } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatRatio, formatShare } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import { FEATURE_BYTES, type GatherRun, gatherAbout, runGathers } from "./gather-stop.ts";
import type { TourSection } from "./section.ts";
import { checkedCell } from "./tour-table.ts";

const headings = ["memory", "reads", "bytes", "cycles", "time", "of peak", "row hits", "speed-up", "checked"];

function cells(run: GatherRun, runs: readonly GatherRun[]): string[] {
  const { memory, requests, cycles, result } = run;
  return [
    memory,
    formatCount(requests),
    formatBytes(result.bytes),
    formatCount(cycles),
    formatTime(result.nanoseconds),
    formatShare(result.losses.data),
    formatShare(hitShare(run)),
    formatRatio(speedUp(run, runs)),
    checkedCell(run),
  ];
}

/** The gathers of the tour's graph. */
export const gatherStop: TourSection = ({ tensors, begin }) => {
  const runs = runGathers(tensors.A!.list, (memory) => begin(`Gather, ${memory}`));
  const differing = runs.reduce((sum, run) => sum + run.differing, 0);
  return { table: gatherTable(runs), rows: gatherRows(runs), section: gatherSection(runs), differing };
};

function gatherTable(runs: readonly GatherRun[]): string {
  const columns = headings.map((heading, at) => ({ heading, align: at === 0 ? "left" : "right" }) as const);
  const rows = runs.map((run) => cells(run, runs));
  return `\nGathers of ${FEATURE_BYTES}-byte feature vectors on command-level DRAM\n${renderTable(columns, rows)}`;
}

// Cycles are ticks of each memory, so that only times compare.
function gatherRows(runs: readonly GatherRun[]): JsonValue[] {
  return runs.map((run) => ({
    stop: "gather",
    kernel: "Gather",
    variant: run.memory,
    cycles: run.cycles,
    nanoseconds: run.result.nanoseconds,
    requests: run.requests,
    bytes: run.result.bytes,
    achievedOfPeak: run.result.losses.data,
    rowHits: hitShare(run),
    speedUp: speedUp(run, runs),
    checked: { compared: run.compared, differing: run.differing, largestError: 0 },
  }));
}

function gatherSection(runs: readonly GatherRun[]): Markup {
  const columns = headings.map((heading, at) => ({ heading, numeric: at > 0 }));
  return html`<section><h2>Gather</h2>
<p>${gatherAbout}</p>
${reportTable(
  columns,
  runs.map((run) => cells(run, runs)),
)}
</section>`;
}

function hitShare({ result: { hits, misses, conflicts } }: GatherRun): number {
  return hits / Math.max(1, hits + misses + conflicts);
}

function speedUp(run: GatherRun, runs: readonly GatherRun[]): number {
  return Math.max(...runs.map(({ result }) => result.nanoseconds)) / run.result.nanoseconds;
}
