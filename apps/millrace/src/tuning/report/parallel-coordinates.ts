import { type Config, type Parameter, valueToText } from "@millrace/baco-tuner";
import { html, type Markup } from "../../report/markup.ts";
import type { HistoryEntry } from "../tune-result.ts";

const width = 900;
const height = 320;
const margin = { left: 40, right: 60, top: 30, bottom: 20 };
/** Labels on one axis; more would overlap. */
const mostLabels = 9;

/** One axis for each parameter, one line for each feasible evaluation: the better, the darker. */
export function parallelCoordinates(parameters: readonly Parameter[], history: readonly HistoryEntry[]): Markup {
  const feasible = history.filter(({ value }) => value !== null).sort((a, b) => b.value! - a.value! || b.i - a.i);
  if (feasible.length === 0) return html``;
  const axes = parameters.map((parameter, at) => axisOf(parameter, feasible, at / Math.max(1, parameters.length - 1)));
  const lines = feasible.map(({ config }, rank) => {
    const share = feasible.length === 1 ? 1 : rank / (feasible.length - 1);
    const points = axes.map(({ x, place }) => `${x.toFixed(1)},${place(config).toFixed(1)}`).join(" ");
    const best = rank === feasible.length - 1;
    return html`<polyline fill="none" stroke="${best ? "var(--blocked)" : "var(--accent)"}" stroke-width="${best ? 2.5 : 1.2}" stroke-opacity="${best ? 1 : (0.08 + 0.6 * share ** 3).toFixed(2)}" points="${points}"/>`;
  });
  const drawn = axes.map(
    ({ x, labels, name }) =>
      html`<line class="grid" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${margin.top}" y2="${height - margin.bottom}"/><text x="${x.toFixed(1)}" y="16" text-anchor="middle">${name}</text>${labels.map(
        ({ y, label }) => html`<text x="${(x + 4).toFixed(1)}" y="${(y + 4).toFixed(1)}">${label}</text>`,
      )}`,
  );
  return html`<div class="wide"><svg class="chart" style="max-width:none;min-width:${Math.max(30, 6 * parameters.length)}rem" viewBox="0 0 ${width} ${height}" role="img" aria-label="parameters of each evaluation">${lines}${drawn}</svg></div>`;
}

interface Axis {
  readonly name: string;
  readonly x: number;
  readonly place: (config: Config) => number;
  readonly labels: readonly { readonly y: number; readonly label: string }[];
}

/** Values stand in order at even distances; those that were never evaluated are left out where there are many. */
function axisOf(parameter: Parameter, history: readonly HistoryEntry[], share: number): Axis {
  const { name } = parameter;
  const declared = "values" in parameter && parameter.values.length <= mostLabels ? parameter.values : undefined;
  const found = [...new Set(history.map(({ config }) => valueToText(config[name]!)))];
  const numeric = history.every(({ config }) => typeof config[name] === "number");
  const texts = declared?.map(String) ?? found.sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : 1));
  const y = (at: number): number =>
    height -
    margin.bottom -
    (texts.length > 1 ? at / (texts.length - 1) : 0.5) * (height - margin.top - margin.bottom - 8);
  const every = Math.ceil(texts.length / mostLabels);
  return {
    name,
    x: margin.left + share * (width - margin.left - margin.right),
    place: (config) => y(texts.indexOf(valueToText(config[name]!))),
    labels: texts.flatMap((label, at) => (at % every === 0 ? [{ y: y(at), label }] : [])),
  };
}
