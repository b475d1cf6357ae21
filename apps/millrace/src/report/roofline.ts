/**
 * The roofline: how fast each kernel ran against what arithmetic and memory allow at its operational intensity.
 *
 * Source: Williams, Waterman, Patterson, "Roofline: An Insightful Visual Performance Model for Multicore Architectures",
 * CACM 2009. Throughput is per cycle here, as the machine is simulated.
 */
import { formatBytes, formatCount } from "../terminal/quantity.ts";
import { logAxis, tickLabel } from "./log-axis.ts";
import { html, type Markup } from "./markup.ts";

/** One kernel under the roof. */
export interface RooflinePoint {
  readonly label: string;
  readonly flops: number;
  readonly bytes: number;
  readonly cycles: number;
}

/** The machine's limits. */
export interface Roof {
  /** Floating-point operations that can end in one cycle. */
  readonly flopsPerCycle: number;
  /** Bytes that memory can move in one cycle; `null` where memory was not modelled. */
  readonly bytesPerCycle: number | null;
}

const WIDTH = 640;
const HEIGHT = 380;
const LEFT = 92;
const RIGHT = WIDTH - 16;
const TOP = 16;
const BOTTOM = HEIGHT - 46;

/** Draws the roof and the kernels below it; points are numbered in the order given, for a legend beside the drawing. */
export function drawRoofline(points: readonly RooflinePoint[], roof: Roof): Markup {
  const intensities = points.map((point) => point.flops / point.bytes);
  const ridge = roof.bytesPerCycle === null ? [] : [roof.flopsPerCycle / roof.bytesPerCycle];
  const x = logAxis(
    [...intensities.map((value) => value / 2), ...intensities.map((value) => value * 2), ...ridge],
    2,
    LEFT,
    RIGHT,
  );
  const y = logAxis([...points.map((point) => point.flops / point.cycles / 2), roof.flopsPerCycle], 2, BOTTOM, TOP);
  const attainable = (intensity: number): number =>
    roof.bytesPerCycle === null ? roof.flopsPerCycle : Math.min(roof.flopsPerCycle, intensity * roof.bytesPerCycle);
  const corners = [x.least, ...ridge, x.most].map(
    (at) => `${x.place(at).toFixed(1)},${y.place(attainable(at)).toFixed(1)}`,
  );
  const grid = [
    ...x.ticks.map(
      (at) => html`<line class="grid" x1="${x.place(at)}" x2="${x.place(at)}" y1="${TOP}" y2="${BOTTOM}"/>
<text x="${x.place(at)}" y="${BOTTOM + 16}" text-anchor="middle">${tickLabel(at)}</text>`,
    ),
    ...y.ticks.map(
      (at) => html`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${y.place(at)}" y2="${y.place(at)}"/>
<text x="${LEFT - 6}" y="${y.place(at) + 4}" text-anchor="end">${tickLabel(at)}</text>`,
    ),
  ];
  const marks = points.map((point, at) => {
    const intensity = point.flops / point.bytes;
    const [cx, cy] = [x.place(intensity).toFixed(1), y.place(point.flops / point.cycles).toFixed(1)];
    const facts = `${point.label}: ${formatCount(point.flops)} operations, ${formatBytes(point.bytes)}, ${formatCount(point.cycles)} cycles`;
    return html`<g><title>${facts}</title><circle class="mark" cx="${cx}" cy="${cy}" r="9"/>
<text class="number" x="${cx}" y="${Number(cy) + 4}" text-anchor="middle">${at + 1}</text></g>`;
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Roofline: operations per cycle over operations per byte">
${grid}
<polyline class="roof" points="${corners.join(" ")}"/>
${marks}
<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">operations per byte</text>
<text transform="translate(16 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">operations per cycle</text>
</svg>`;
}
