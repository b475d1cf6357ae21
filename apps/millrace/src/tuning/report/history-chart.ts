import { html, type Markup } from "../../report/markup.ts";
import type { HistoryEntry } from "../tune-result.ts";
import { valueAxis } from "./value-axis.ts";

const width = 672;
const height = 300;
const margin = { left: 64, right: 12, top: 10, bottom: 34 };

/** Values by evaluation, the best so far as a line; failures stand at the top edge. */
export function historyChart(history: readonly HistoryEntry[], optimum: number | undefined): Markup {
  const values = history.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return html`<p>Every evaluation failed.</p>`;
  const axis = valueAxis(
    optimum === undefined ? values : [...values, optimum],
    height - margin.bottom,
    margin.top + 12,
  );
  const x = (at: number): string =>
    (margin.left + ((at + 0.5) / history.length) * (width - margin.left - margin.right)).toFixed(1);
  const grid = axis.ticks.map(
    ({ place, label }) =>
      html`<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${place.toFixed(1)}" y2="${place.toFixed(1)}"/><text x="${margin.left - 6}" y="${(place + 4).toFixed(1)}" text-anchor="end">${label}</text>`,
  );
  const marks = history.map(({ value }, at) =>
    value === null
      ? html`<text x="${x(at)}" y="${margin.top + 8}" text-anchor="middle">×</text>`
      : html`<circle class="mark" cx="${x(at)}" cy="${axis.place(value).toFixed(1)}" r="3.5"/>`,
  );
  const line = history.flatMap(({ best }, at) => (best === null ? [] : [`${x(at)},${axis.place(best).toFixed(1)}`]));
  const known =
    optimum === undefined
      ? html``
      : html`<line class="grid" stroke-dasharray="5 4" x1="${margin.left}" x2="${width - margin.right}" y1="${axis.place(optimum).toFixed(1)}" y2="${axis.place(optimum).toFixed(1)}"/>`;
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="values by evaluation">
${grid}${known}<polyline class="roof" points="${line.join(" ")}"/>${marks}
<text x="${margin.left}" y="${height - 8}">evaluation 1</text><text x="${width - margin.right}" y="${height - 8}" text-anchor="end">${history.length}</text>
</svg>`;
}
