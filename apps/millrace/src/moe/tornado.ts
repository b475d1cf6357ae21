/** Bars to either side of a ratio: how far each assumption moves it. */
import type { Sensitivity } from "@millrace/sieve-pim";
import { html, type Markup } from "../report/markup.ts";
import { formatRatio } from "../terminal/quantity.ts";

const WIDTH = 760;
const ROW = 30;
const LEFT = 260;
const RIGHT = 20;
const TOP = 26;

/** The picture; assumptions that move the ratio most stand on top. */
export function tornado({ ratio, rows }: Sensitivity): Markup {
  const ratios = rows.flatMap(({ low, high }) => [low.ratio, high.ratio]);
  const least = Math.min(ratio, ...ratios);
  const most = Math.max(ratio, ...ratios);
  // Room for the settings beside the bars.
  const margin = Math.max(0.02, 0.6 * (most - least));
  const across = (value: number): number =>
    LEFT + ((WIDTH - LEFT - RIGHT) * (value - least + margin)) / (most - least + 2 * margin);
  const height = TOP + rows.length * ROW + 8;
  const bars = rows.map(({ assumption, low, high }, at) => {
    const y = TOP + at * ROW;
    const bar = ({ ratio: value }: typeof low, color: string): Markup => {
      const from = Math.min(across(value), across(ratio));
      const width = Math.abs(across(value) - across(ratio));
      return html`<rect x="${from.toFixed(1)}" y="${y + 5}" width="${width.toFixed(1)}" height="${ROW - 12}" fill="${color}" fill-opacity="0.85"/>`;
    };
    // Settings stand outside of the bars; where both bars lie on one side, the shorter one is named on the other.
    const [left, right] = low.ratio <= high.ratio ? [low, high] : [high, low];
    const leftEdge = Math.min(across(left.ratio), across(ratio)) - 4;
    const rightEdge = Math.max(across(right.ratio), across(ratio)) + 4;
    return html`<text x="${LEFT - 8}" y="${y + 19}" text-anchor="end">${assumption}</text>${bar(low, "#cc4a3a")}${bar(high, "#1d5f8a")}
<text x="${leftEdge.toFixed(1)}" y="${y + 19}" text-anchor="end">${left.setting} ${formatRatio(left.ratio)}</text>
<text x="${rightEdge.toFixed(1)}" y="${y + 19}">${right.setting} ${formatRatio(right.ratio)}</text>`;
  });
  return html`<svg class="chart wider" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Sensitivity of the gain">
<line class="grid" x1="${across(ratio).toFixed(1)}" x2="${across(ratio).toFixed(1)}" y1="${TOP - 6}" y2="${height}"/>
<text x="${across(ratio).toFixed(1)}" y="14" text-anchor="middle">as assumed: ${formatRatio(ratio)}</text>
${bars}</svg>`;
}
