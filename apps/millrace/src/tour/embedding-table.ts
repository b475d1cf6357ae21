/** The embedding bags of the tour, for people and for programs. */
import { html, type Markup } from "../report/markup.ts";
import { reportTable } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatRatio, formatShare } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import { EMBEDDING_WIDTH, type EmbeddingRun, embeddingAbout, runEmbeddings } from "./embedding-stop.ts";
import type { TourSection } from "./section.ts";
import { checkedCell } from "./tour-table.ts";

const headings = [
  "level",
  "tokens",
  "scalars",
  "vectors",
  "queue",
  "cycles",
  "core waits",
  "lookups/us",
  "speed-up",
  "checked",
];

/** The bags of the tour's graph at every level of optimisation. */
export const embeddingStop: TourSection = ({ tensors, begin }) => {
  const runs = runEmbeddings(tensors.A!.list, (level) => begin(`EmbeddingBag, ${level}`));
  const differing = runs.reduce((sum, run) => sum + run.differing, 0);
  return { table: table(runs), rows: rows(runs), section: section(runs), differing };
};

function speedUp(run: EmbeddingRun, runs: readonly EmbeddingRun[]): number {
  return runs[0]!.report.cycles / run.report.cycles;
}

function waitShare({ report: { stalls, cycles } }: EmbeddingRun): number {
  return (stalls.coreWaitsForQueue ?? 0) / Math.max(1, cycles);
}

function cells(run: EmbeddingRun, runs: readonly EmbeddingRun[]): string[] {
  const { tokens, scalars, vectors, bytes, cycles, lookupsPerSecond } = run.report;
  return [
    `emb-opt${run.level}`,
    ...[tokens, scalars, vectors].map((count) => formatCount(count)),
    formatBytes(bytes),
    formatCount(cycles),
    formatShare(waitShare(run)),
    formatCount(lookupsPerSecond / 1e6, 1),
    formatRatio(speedUp(run, runs)),
    checkedCell(run),
  ];
}

function table(runs: readonly EmbeddingRun[]): string {
  const columns = headings.map((heading, at) => ({ heading, align: at === 0 ? "left" : "right" }) as const);
  const title = `EmbeddingBag over the graph's rows, ${EMBEDDING_WIDTH} elements, on a core with an access unit`;
  return `\n${title}\n${renderTable(
    columns,
    runs.map((run) => cells(run, runs)),
  )}`;
}

function rows(runs: readonly EmbeddingRun[]): JsonValue[] {
  return runs.map((run) => ({
    stop: "embedding",
    kernel: "EmbeddingBag",
    variant: `emb-opt${run.level}`,
    cycles: run.report.cycles,
    lookups: run.report.lookups,
    lookupsPerSecond: run.report.lookupsPerSecond,
    tokens: run.report.tokens,
    scalars: run.report.scalars,
    vectors: run.report.vectors,
    bytes: run.report.bytes,
    memoryBytes: run.report.memoryBytes,
    energyPicojoules: run.report.energyPicojoules,
    speedUp: speedUp(run, runs),
    checked: { compared: run.compared, differing: run.differing, largestError: 0 },
  }));
}

function section(runs: readonly EmbeddingRun[]): Markup {
  return html`<section><h2>Embedding bags</h2>
<p>${embeddingAbout}</p>
${reportTable(
  headings.map((heading, at) => ({ heading, numeric: at > 0 })),
  runs.map((run) => cells(run, runs)),
)}
</section>`;
}
