/** Columns in groups, on an axis from 0 or a logarithmic one. */
import { linearAxis } from "./linear-axis.ts";
import { logAxis, tickLabel } from "./log-axis.ts";
import { html, type Markup } from "./markup.ts";
import { seriesColor } from "./series-looks.ts";

/** What is drawn. */
export interface ColumnChart {
  readonly label: string;
  /** What the axis counts. */
  readonly unit: string;
  readonly scale: "linear" | "log";
  /** Names of the columns of a group. */
  readonly series: readonly string[];
  readonly groups: readonly {
    readonly name: string;
    /** A value for each series; null where there is none. */
    readonly values: readonly (number | null)[];
  }[];
  /** A value to draw a line at, such as 1 for a speed-up. */
  readonly line?: number;
}

const WIDTH = 680;
const HEIGHT = 340;
const LEFT = 64;
const RIGHT = WIDTH - 12;
const TOP = 14;
/** Width of a character on a narrow screen, where text is larger. */
const CHARACTER = 10;

/** Draws the columns, and a legend below them if there is more than one series. */
export function drawColumns({ label, unit, scale, series, groups, line }: ColumnChart): Markup {
  const values = groups.flatMap((group) => group.values.flatMap((value) => value ?? []));
  const wide = (RIGHT - LEFT) / Math.max(1, groups.length);
  const level = groups.every(({ name }) => name.length * CHARACTER < wide);
  const bottom = HEIGHT - (level ? 34 : 104);
  const axis = scale === "log" ? logAxis(values, 10, bottom, TOP) : linearAxis(values, bottom, TOP);
  const grid = axis.ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${fixed(axis.place(tick))}" y2="${fixed(axis.place(tick))}"/>
<text x="${LEFT - 6}" y="${fixed(axis.place(tick) + 4)}" text-anchor="end">${tickName(tick)}</text>`,
  );
  const column = Math.min(46, (0.8 * wide) / series.length);
  const bars = groups.map(({ name, values: own }, group) => {
    const middle = LEFT + (group + 0.5) * wide;
    const from = middle - (column * series.length) / 2;
    const rects = own.map((value, at) => {
      if (value === null) return html``;
      const y = axis.place(value);
      return html`<rect x="${fixed(from + at * column)}" y="${fixed(y)}" width="${fixed(Math.max(1, column - 1))}" height="${fixed(Math.max(0.5, bottom - y))}" fill="${seriesColor(at)}"><title>${name}, ${series[at]!}: ${shown(value)} ${unit}</title></rect>`;
    });
    const text = level
      ? html`<text x="${fixed(middle)}" y="${bottom + 18}" text-anchor="middle">${name}</text>`
      : html`<text transform="translate(${fixed(middle + 4)} ${bottom + 14}) rotate(-40)" text-anchor="end">${name}</text>`;
    return html`${rects}${text}\n`;
  });
  const mark =
    line === undefined
      ? html``
      : html`<line class="frontier" stroke-dasharray="5 4" x1="${LEFT}" x2="${RIGHT}" y1="${fixed(axis.place(line))}" y2="${fixed(axis.place(line))}"/>`;
  const legend =
    series.length < 2
      ? html``
      : html`<ul class="legend">${series.map((name, at) => html`<li><i style="background:${seriesColor(at)}"></i>${name}</li>`)}</ul>`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${grid}${bars}${mark}
<text transform="translate(14 ${fixed((TOP + bottom) / 2)}) rotate(-90)" text-anchor="middle">${unit}</text></svg>${legend}`;
}

const fixed = (place: number): string => place.toFixed(1);
const shown = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

/** Thousands and millions of a tick in short; parts as they are. */
export function tickName(tick: number): string {
  if (tick >= 1e9) return `${Number((tick / 1e9).toPrecision(3))}G`;
  if (tick >= 1e6) return `${Number((tick / 1e6).toPrecision(3))}M`;
  if (tick >= 1e4) return `${Number((tick / 1e3).toPrecision(3))}k`;
  return tick >= 1 || tick === 0 ? String(Number(tick.toPrecision(3))) : tickLabel(tick);
}
