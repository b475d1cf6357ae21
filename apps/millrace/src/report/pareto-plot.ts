/** Cycles against bytes on chip: points, their frontier, and how far candidates lie beyond it. */
import { formatBytes, formatCount } from "../terminal/quantity.ts";
import { linearAxis } from "./linear-axis.ts";
import { html, type Markup } from "./markup.ts";

/** A point of the plot. */
export interface PlottedDesign {
  readonly label: string;
  readonly cycles: number;
  readonly bytes: number;
  /** Drawn filled: the design that the others are held against. */
  readonly candidate: boolean;
  /** Whether no other point beats it in both costs. */
  readonly onFrontier: boolean;
}

const WIDTH = 640;
const HEIGHT = 400;
const LEFT = 84;
const RIGHT = WIDTH - 96;
const TOP = 18;
const BOTTOM = HEIGHT - 48;

/** Draws the points; less is better on both axes, so the frontier lies to the lower left. */
export function drawPareto(designs: readonly PlottedDesign[], memory: string): Markup {
  const x = linearAxis(
    designs.map((one) => one.bytes),
    LEFT,
    RIGHT,
  );
  const y = linearAxis(
    designs.map((one) => one.cycles),
    BOTTOM,
    TOP,
  );
  const grid = [
    ...x.ticks.map(
      (at) => html`<line class="grid" x1="${fixed(x.place(at))}" x2="${fixed(x.place(at))}" y1="${TOP}" y2="${BOTTOM}"/>
<text x="${fixed(x.place(at))}" y="${BOTTOM + 16}" text-anchor="middle">${formatBytes(at)}</text>`,
    ),
    ...y.ticks.map(
      (at) => html`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${fixed(y.place(at))}" y2="${fixed(y.place(at))}"/>
<text x="${LEFT - 6}" y="${fixed(y.place(at) + 4)}" text-anchor="end">${shortCount(at)}</text>`,
    ),
  ];
  const frontier = designs.filter((one) => one.onFrontier).sort((a, b) => a.cycles - b.cycles);
  const line = frontier.map((one) => `${fixed(x.place(one.bytes))},${fixed(y.place(one.cycles))}`).join(" ");
  const marks = designs.map((one) => {
    const [cx, cy] = [fixed(x.place(one.bytes)), fixed(y.place(one.cycles))];
    const facts = `${one.label}: ${formatCount(one.cycles)} cycles, ${formatBytes(one.bytes)} on chip`;
    return html`<g><title>${facts}</title><circle class="${one.candidate ? "mark" : "other"}" cx="${cx}" cy="${cy}" r="6"/>
<text x="${fixed(Number(cx) + 10)}" y="${fixed(Number(cy) + 4)}">${one.label}</text></g>`;
  });
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Cycles against ${memory} bytes on chip">
${grid}
<polyline class="frontier" points="${line}"/>
${marks}
<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">bytes on chip, ${memory}</text>
<text transform="translate(16 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">cycles</text>
</svg>`;
}

/** The same as a file of its own, with its style inside. */
export function paretoFile(designs: readonly PlottedDesign[], memory: string): string {
  const looks =
    "<style>text{font:13px system-ui,sans-serif;fill:#5c6660}.grid{stroke:#d8dcd9}.frontier{fill:none;stroke:#cc4a3a;stroke-width:2}.mark{fill:#1d5f8a}.other{fill:#fdfdfc;stroke:#1d5f8a;stroke-width:2}</style>\n";
  const { markup } = drawPareto(designs, memory);
  const inside = markup.indexOf("\n") + 1;
  return `${markup.slice(0, inside)}${looks}${markup.slice(inside)}\n`;
}

function fixed(place: number): string {
  return place.toFixed(1);
}

function shortCount(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  return value >= 1e3 ? `${Number((value / 1e3).toPrecision(4))}k` : String(value);
}
