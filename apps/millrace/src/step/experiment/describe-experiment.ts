/** An experiment as a result: one point's document, or all points with their trade-off, a plot and a page. */
import type { Outcome, Workplace } from "../../cli/outcome.ts";
import { html } from "../../report/markup.ts";
import { reportPage, reportTable } from "../../report/page.ts";
import { drawPareto, type PlottedDesign, paretoFile } from "../../report/pareto-plot.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { formatBytes, formatCount, formatShare } from "../../terminal/quantity.ts";
import { renderPairs, renderTable } from "../../terminal/table.ts";
import { designsView, pointCounters } from "./experiment-views.ts";
import { type MemoryCount, type Pareto, paretoOf } from "./pareto.ts";
import { type FinishedPoint, pointToJson } from "./point.ts";

/** What an experiment is called, and where its files go. */
export interface ExperimentFrame {
  readonly title: string;
  readonly out: string | undefined;
}

const counts: readonly MemoryCount[] = ["allocated", "onDemand"];
const countNames: Readonly<Record<MemoryCount, string>> = { allocated: "allocated", onDemand: "on demand" };

/** The outcome of finished points; of several it also writes `pareto-*.svg` and `report.html` into the `--out` folder. */
export function describeExperiment(
  points: readonly FinishedPoint[],
  frame: ExperimentFrame,
  place: Workplace,
): Outcome {
  const status = points.some((point) => point.deadlock !== null) ? 3 : 0;
  place.kept?.view("counters", frame.title, pointCounters(points));
  if (points.length === 1) {
    const [point] = points as [FinishedPoint];
    return { status, json: () => pointToJson(point), text: () => onePoint(point, frame.title) };
  }
  const paretos = counts.map((count) => paretoOf(points, count));
  if (frame.out !== undefined) keepPlots(points, paretos, frame, place);
  return {
    status,
    json: () => ({ points: points.map(pointToJson), pareto: paretos.map(paretoToJson) }),
    text: () => `${frame.title}\n\n${table(points)}\n${paretos.map(distanceText).join("")}`,
  };
}

function onePoint(point: FinishedPoint, title: string): string {
  return renderPairs([
    ["experiment", title],
    ["design", point.label],
    ["cycles", formatCount(point.cycles)],
    ["off chip", bytesText(point.offChipBytes)],
    [
      "on chip",
      `${bytesText(point.onChipBytes.allocated)} allocated, ${bytesText(point.onChipBytes.onDemand)} on demand`,
    ],
    ["operations", formatCount(point.flops)],
    [
      "utilisation",
      `${(100 * point.computeUtilization).toFixed(2)} % of ${formatCount(point.allocatedFlopsPerCycle)} per cycle`,
    ],
    ["deadlock", point.deadlock === null ? "none" : "yes"],
  ]);
}

const headings = ["design", "cycles", "off chip", "on chip, allocated", "on demand", "utilisation"];

function cells(point: FinishedPoint): string[] {
  return [
    point.label,
    point.deadlock === null ? formatCount(point.cycles) : "deadlock",
    bytesText(point.offChipBytes),
    bytesText(point.onChipBytes.allocated),
    bytesText(point.onChipBytes.onDemand),
    formatShare(point.computeUtilization),
  ];
}

function table(points: readonly FinishedPoint[]): string {
  const columns = headings.map((heading, at) => ({ heading, align: at === 0 ? "left" : "right" }) as const);
  return renderTable(columns, points.map(cells));
}

function distanceText({ count, improvementDistance }: Pareto): string {
  return Object.entries(improvementDistance)
    .map(
      ([label, distance]) =>
        `${label}: ${distance.toFixed(3)}x beyond the frontier of the others, ${countNames[count]}\n`,
    )
    .join("");
}

function paretoToJson({ count, frontier, improvementDistance }: Pareto): JsonValue {
  return { memory: count, frontier, improvementDistance };
}

function keepPlots(
  points: readonly FinishedPoint[],
  paretos: readonly Pareto[],
  frame: ExperimentFrame,
  place: Workplace,
): void {
  const sections = paretos.map((pareto) => {
    const designs = designsOf(pareto);
    const memory = countNames[pareto.count];
    place.write(
      `${frame.out}/pareto-${pareto.count === "allocated" ? "allocated" : "on-demand"}.svg`,
      paretoFile(designs, memory),
    );
    return html`<section><h2>Cycles against memory, ${memory}</h2><figure>${drawPareto(designs, memory)}
<figcaption>Less is better on both axes. ${distanceText(pareto).trim()}</figcaption></figure></section>`;
  });
  place.kept?.view("points", `Designs: ${frame.title}`, designsView(points));
  const columns = headings.map((heading, at) => ({ heading, numeric: at > 0 }));
  const body = [html`<h1>${frame.title}</h1>`, reportTable(columns, points.map(cells)), ...sections];
  const report = place.write(`${frame.out}/report.html`, reportPage(frame.title, body));
  place.note(`report  ${report}`);
}

function designsOf({ points, frontier }: Pareto): PlottedDesign[] {
  return points.map((point) => ({ ...point, onFrontier: frontier.includes(point.label) }));
}

function bytesText(bytes: number | null): string {
  return bytes === null ? "unknown" : formatBytes(bytes);
}
