/** The fusion stop of the tour, for people and for programs. */
import { html, type Markup } from "../report/markup.ts";
import { reportTable } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatRatio } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import { type FusionRun, fusionAbout, runFusions } from "./fusion-stop.ts";
import type { SectionContext, SectionRun } from "./section.ts";
import { checkedCell } from "./tour-table.ts";

const headings = ["fusion", "regions", "cycles", "operations", "bytes", "speed-up", "checked"];

function cells(run: FusionRun, runs: readonly FusionRun[]): string[] {
  const { variant, regions, cycles, flops, bytes } = run;
  const speedUp = formatRatio(speedUpOf(run, runs));
  return [
    variant,
    `${regions}`,
    formatCount(cycles),
    formatCount(flops),
    formatBytes(bytes),
    speedUp,
    checkedCell(run),
  ];
}

function speedUpOf({ cycles }: FusionRun, runs: readonly FusionRun[]): number {
  return Math.max(...runs.map((run) => run.cycles)) / cycles;
}

function fusionTable(runs: readonly FusionRun[]): string {
  const columns = headings.map((heading, at) => ({ heading, align: at === 0 ? "left" : "right" }) as const);
  const rows = runs.map((run) => cells(run, runs));
  return `\nA GCN of two layers, read from a .pt2 archive, at four granularities of fusion\n${renderTable(columns, rows)}`;
}

function fusionRows(runs: readonly FusionRun[]): JsonValue[] {
  return runs.map((run) => ({
    stop: "fusion",
    kernel: "GCN",
    variant: run.variant,
    regions: run.regions,
    cycles: run.cycles,
    flops: run.flops,
    bytes: run.bytes,
    speedUp: speedUpOf(run, runs),
    checked: { compared: run.compared, differing: run.differing, largestError: run.largestError },
  }));
}

function fusionSection(runs: readonly FusionRun[]): Markup {
  const columns = headings.map((heading, at) => ({ heading, numeric: at > 0 }));
  return html`<section><h2>Fusion</h2>
<p>${fusionAbout}</p>
${reportTable(
  columns,
  runs.map((run) => cells(run, runs)),
)}
</section>`;
}

/** The stop on fusion: a GCN from an exported model at four granularities. */
export async function fusionStop({ tensors, seed, begin }: SectionContext): Promise<SectionRun> {
  const runs = await runFusions(tensors, {
    seed,
    simulate: { memory: "hbm-burst" },
    begin: (variant) => begin(`GCN, ${variant}`),
  });
  const differing = runs.reduce((sum, run) => sum + run.differing, 0);
  return { table: fusionTable(runs), rows: fusionRows(runs), section: fusionSection(runs), differing };
}
