/** An exploration as a page: its figures in the shapes of the paper's, and every point in a table. */
import type { Explored, FigureData, FigureValue } from "@millrace/fuseflow-sparse";
import type { MemoryName } from "../../inputs/machine-memory.ts";
import { html, type Markup } from "../../report/markup.ts";
import { reportPage, reportTable } from "../../report/page.ts";
import { formatBytes, formatCount } from "../../terminal/quantity.ts";
import { ranked } from "./exploration-table.ts";
import { drawFigure } from "./figure-charts.ts";

/** The page. */
export function explorationReport(
  name: string,
  points: readonly Explored[],
  { figures, memory }: { readonly figures: readonly FigureData[]; readonly memory: MemoryName },
): string {
  const order = ranked(points);
  const wrong = points.filter(({ checked }) => checked === false).length;
  const unchecked = points.filter(({ cycles, checked }) => cycles !== null && checked === null).length;
  const without = points.filter(({ cycles }) => cycles === null).length;
  const checks = [
    wrong === 0 ? "no output differs from the dense reference" : `${wrong} differ from the dense reference`,
    ...(unchecked > 0 ? [`${unchecked} are too large for a dense reference`] : []),
    ...(without > 0 ? [`${without} have no graph`] : []),
  ];
  return reportPage(`${name} explored`, [
    html`<h1>${name}, explored</h1>
<p>${points.length} configurations, memory ${memory}; ${checks.join("; ")}. Cycles are simulated; each figure has the shape of the
one in the FuseFlow paper that it names, for this model and this data, and its numbers lie beside this page as CSV.</p>`,
    ...figures.map(figureSection),
    html`<section><h2>All configurations</h2>${pointsTable(order)}</section>`,
  ]);
}

function figureSection(figure: FigureData): Markup {
  const chart = drawFigure(figure);
  const table = html`${reportTable(
    figure.columns.map((heading) => ({ heading, numeric: figure.rows.every((row) => isNumber(row[heading] ?? null)) })),
    figure.rows.map((row) => figure.columns.map((column) => cellText(row[column] ?? null))),
  )}`;
  const body =
    chart === null ? table : html`<figure>${chart}</figure><details><summary>numbers</summary>${table}</details>`;
  return html`<section><h2>${figure.title}</h2><p class="soft">As ${figure.paper} of the paper.</p>${body}</section>`;
}

/** Counts beyond 2^53 are digits. */
const isNumber = (value: FigureValue): boolean => typeof value !== "string" || /^\d+$/.test(value);

function cellText(value: FigureValue): string {
  if (value === null) return "-";
  if (typeof value === "string") return value;
  return Number.isInteger(value) ? formatCount(value) : value.toPrecision(4);
}

function pointsTable(points: readonly Explored[]): Markup {
  const columns = [
    "data",
    "granularity",
    "order",
    "lanes",
    "tiles",
    "cycles",
    "operations",
    "moved",
    "blocks",
    "values",
  ];
  const texts = new Set(["data", "granularity", "values"]);
  return reportTable(
    columns.map((heading) => ({ heading, numeric: !texts.has(heading) })),
    points.map(({ data, granularity, order, lanes, block, cycles, flops, bytes, nodes, checked, reason }) => [
      data,
      granularity,
      `${order}`,
      lanes.join("x"),
      `${block}`,
      cycles === null ? "-" : formatCount(cycles),
      formatCount(flops),
      formatBytes(bytes),
      `${nodes}`,
      cycles === null ? (reason ?? "no graph") : checked === null ? "not checked" : checked ? "ok" : "wrong",
    ]),
  );
}
