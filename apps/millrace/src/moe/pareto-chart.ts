/** Throughput against interactivity, a line for each policy. */
import { paretoFrontier } from "@millrace/sieve-pim";
import { logAxis, tickLabel } from "../report/log-axis.ts";
import { html, type Markup } from "../report/markup.ts";
import { seriesColor, seriesDashes } from "../report/series-looks.ts";
import type { PolicyFrontier } from "./frontier.ts";

const WIDTH = 680;
const HEIGHT = 420;
const LEFT = 70;
const BOTTOM = 50;
const TOP = 16;
const RIGHT = 16;

/** The chart with its legend. */
export function paretoChart(frontiers: readonly PolicyFrontier[]): Markup {
  const points = frontiers.flatMap((each) => each.points);
  const x = zoomed(points.map(({ interactivity }) => interactivity));
  const y = zoomed(points.map(({ throughput }) => throughput));
  const across = (value: number): number => LEFT + (WIDTH - LEFT - RIGHT) * x.share(value);
  const up = (value: number): number => HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * y.share(value);
  const grid = [
    ...x.ticks.map(
      (tick) =>
        html`<line class="grid" x1="${across(tick)}" x2="${across(tick)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/><text x="${across(tick)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${tickLabel(tick)}</text>`,
    ),
    ...y.ticks.map(
      (tick) =>
        html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(tick)}" y2="${up(tick)}"/><text x="${LEFT - 8}" y="${up(tick) + 4}" text-anchor="end">${tickLabel(tick)}</text>`,
    ),
  ];
  const lines = frontiers.map(({ points: own }, at) => {
    const path = paretoFrontier(own).map(
      (point) => `${across(point.interactivity).toFixed(1)},${up(point.throughput).toFixed(1)}`,
    );
    const marks = own.map(
      (point) =>
        html`<circle cx="${across(point.interactivity).toFixed(1)}" cy="${up(point.throughput).toFixed(1)}" r="3" fill="${seriesColor(at)}"><title>batch ${point.batch}: ${point.interactivity.toFixed(1)} tokens/s/user, ${point.throughput.toFixed(0)} tokens/s/GPU</title></circle>`,
    );
    return html`<polyline points="${path.join(" ")}" fill="none" stroke="${seriesColor(at)}" stroke-width="2" stroke-dasharray="${seriesDashes(at)}"/>${marks}`;
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Throughput against interactivity">
${grid}${lines}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">interactivity, tokens/s/user</text>
<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">throughput, tokens/s/GPU</text></svg>
<ul class="legend">${frontiers.map(({ policy }, at) => html`<li><i style="background:${seriesColor(at)}"></i>${policy}</li>`)}</ul>`;
}

interface Zoomed {
  readonly ticks: readonly number[];
  share(value: number): number;
}

/** A logarithmic axis that ends where the values do, with ticks at 1, 2 and 5 of each power of ten. */
function zoomed(values: readonly number[]): Zoomed {
  const least = Math.min(...values) / 1.08;
  const most = Math.max(...values) * 1.08;
  const wide = logAxis([least, most], 10, 0, 1);
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(wide.least)); power <= wide.most; power *= 10) {
    for (const step of [1, 2, 5]) if (power * step >= least && power * step <= most) ticks.push(power * step);
  }
  const from = Math.log(least);
  const span = Math.log(most) - from;
  return { ticks, share: (value) => (Math.log(value) - from) / span };
}
