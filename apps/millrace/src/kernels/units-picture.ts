/** A picture of the units over a matrix: each stored entry in the colour of the unit that owns it. */
import type { UnitsView } from "@millrace/studio";
import { html, type Markup } from "../report/markup.ts";

const CELL = 4;

/** Draws units over their matrix; several entries share a cell. Null stands for a kernel that walks no matrix. */
export function unitsPicture(view: UnitsView | null): string {
  if (view === null) return framed("no matrix is walked along the loops", 1, 1, []);
  const { label, rows, columns, scale, cells, owners, entries, owned, work } = view;
  const width = Math.ceil(columns / scale);
  const squares = cells.map((cell, at) => {
    const [x, y] = [(cell % width) * CELL, Math.floor(cell / width) * CELL];
    const shared = entries[at] === owned[at] ? "" : " and others";
    return html`<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="${colour(owners[at]!, work.length)}"><title>unit ${owners[at]!}${shared}: ${entries[at]!} entries, ${owned[at]!} its own</title></rect>\n`;
  });
  const cellNote = scale === 1 ? "" : `; a square is ${scale} x ${scale}`;
  const title = `${label}, ${rows} x ${columns}, in ${work.length} units${cellNote}`;
  return framed(title, width, Math.ceil(rows / scale), squares);
}

function framed(title: string, width: number, height: number, squares: readonly Markup[]): string {
  const [w, h] = [Math.max(width * CELL, 320), height * CELL + 22];
  const picture = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -20 ${w + 8} ${h + 6}" role="img" aria-label="${title}" font-family="sans-serif" font-size="11">
<rect x="-4" y="-20" width="${w + 8}" height="${h + 6}" fill="#fff"/>
<text x="0" y="-8" fill="#333">${title}</text>
<rect x="0" y="0" width="${width * CELL}" height="${height * CELL}" fill="#f6f6f6" stroke="#bbb" stroke-width="0.5"/>
${squares}</svg>
`;
  return picture.markup;
}

/** Neighbouring units get colours far apart, so that their border shows. */
function colour(unit: number, units: number): string {
  const hue = units <= 12 ? (unit * 360) / units : (unit * 137.508) % 360;
  return `hsl(${hue.toFixed(1)},65%,${unit % 2 === 0 ? 45 : 60}%)`;
}
