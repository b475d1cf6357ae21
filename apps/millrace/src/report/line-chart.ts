/** Lines over an axis of numbers, both axes logarithmic: what grows in proportion is a straight line. */

import { tickName } from "./column-chart.ts";
import { html, type Markup } from "./markup.ts";
import { seriesColor, seriesDashes } from "./series-looks.ts";

/** A point of a line. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
}

/** What is drawn; all values are positive. */
export interface LineChart {
  readonly label: string;
  readonly across: string;
  readonly up: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly LinePoint[] }[];
  /** Draws y = x, in the extent of the points. */
  readonly diagonal?: boolean;
  /** Points alone. */
  readonly scattered?: boolean;
}

const WIDTH = 680;
const HEIGHT = 380;
const LEFT = 70;
const RIGHT = WIDTH - 16;
const TOP = 14;
const BOTTOM = HEIGHT - 48;

/** Draws the lines with their legend. */
export function drawLines({ label, across, up, lines, diagonal = false, scattered = false }: LineChart): Markup {
  const all = lines.flatMap(({ points }) => points);
  const both = all.flatMap(({ x, y }) => [x, y]);
  const x = closeAxis(diagonal ? both : all.map((point) => point.x), LEFT, RIGHT);
  const y = closeAxis(diagonal ? both : all.map((point) => point.y), BOTTOM, TOP);
  const grid = [
    ...x.ticks.map(
      (tick) => html`<line class="grid" x1="${x.place(tick)}" x2="${x.place(tick)}" y1="${TOP}" y2="${BOTTOM}"/>
<text x="${x.place(tick)}" y="${BOTTOM + 18}" text-anchor="middle">${tickName(tick)}</text>`,
    ),
    ...y.ticks.map(
      (tick) => html`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${y.place(tick)}" y2="${y.place(tick)}"/>
<text x="${LEFT - 6}" y="${Number(y.place(tick)) + 4}" text-anchor="end">${tickName(tick)}</text>`,
    ),
  ];
  const drawn = lines.map(({ name, points }, at) => {
    const sorted = points.toSorted((a, b) => a.x - b.x);
    const path = sorted.map((point) => `${x.place(point.x)},${y.place(point.y)}`).join(" ");
    const marks = sorted.map(
      (point) =>
        html`<circle cx="${x.place(point.x)}" cy="${y.place(point.y)}" r="4" fill="${seriesColor(at)}"><title>${name}: ${across} ${shown(point.x)}, ${up} ${shown(point.y)}</title></circle>`,
    );
    const line = scattered
      ? html``
      : html`<polyline points="${path}" fill="none" stroke="${seriesColor(at)}" stroke-width="2" stroke-dasharray="${seriesDashes(at)}"/>`;
    return html`${line}${marks}`;
  });
  const [least, most] = [Math.min(...both), Math.max(...both)];
  const equal = diagonal
    ? html`<line class="frontier" stroke-dasharray="5 4" x1="${x.place(least)}" y1="${y.place(least)}" x2="${x.place(most)}" y2="${y.place(most)}"/>`
    : html``;
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${grid}${equal}${drawn}
<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${across}</text>
<text transform="translate(14 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${up}</text></svg>
<ul class="legend">${lines.map(({ name }, at) => html`<li><i style="background:${seriesColor(at)}"></i>${name}</li>`)}</ul>`;
}

interface CloseAxis {
  readonly ticks: readonly number[];
  place(value: number): string;
}

/** A logarithmic axis that ends near the values, with ticks at 1, 2 and 5 of each power of ten, or at powers alone. */
function closeAxis(values: readonly number[], from: number, to: number): CloseAxis {
  const [least, most] = [Math.min(...values) / 1.15, Math.max(...values) * 1.15];
  const span = Math.log(most / least);
  const steps = most / least > 300 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(least)); power <= most; power *= 10) {
    for (const step of steps) if (power * step >= least && power * step <= most) ticks.push(power * step);
  }
  const place = (value: number): string => (from + ((to - from) * Math.log(value / least)) / span).toFixed(1);
  return { ticks, place };
}

const shown = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(3));
