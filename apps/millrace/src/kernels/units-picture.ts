/** A picture of the units over a matrix: each stored entry in the colour of the unit that owns it. */
import type { KernelOutcome } from "@millrace/sparse-partitioner";
import { forEachEntry } from "@millrace/tensor";
import { html, type Markup } from "../report/markup.ts";

/** Cells along the longer side of the picture. */
const GRID = 160;
const CELL = 4;

/** Draws the first matrix that the last phase of the last stage walks along its loops; several entries share a cell. */
export function unitsPicture({ stages }: KernelOutcome): string {
  for (const { runner, plan } of [...stages].reverse()) {
    const phase = plan?.phases.at(-1);
    const { stage } = runner;
    const at = stage.operands.findIndex(
      ({ variables }) => variables.length === 2 && variables.every((name, l) => stage.order[l] === name),
    );
    if (phase === undefined || at < 0) continue;
    const { tensor, variables } = stage.operands[at]!;
    const [rows, columns] = tensor.format.modeOrder.map((mode) => tensor.shape[mode]!) as [number, number];
    const scale = Math.max(1, Math.ceil(Math.max(rows, columns) / GRID));
    const cells = new Map<number, Map<number, number>>();
    const width = Math.ceil(columns / scale);
    let unit = 0;
    forEachEntry(tensor, (coordinates) => {
      const key = tensor.format.modeOrder.map((mode) => coordinates[mode]!);
      while (unit < phase.tuples.length - 2 && !isBefore(key, phase.tuples[unit + 1]!)) unit += 1;
      const cell = Math.floor(key[0]! / scale) * width + Math.floor(key[1]! / scale);
      const owners = cells.get(cell) ?? new Map<number, number>();
      owners.set(unit, (owners.get(unit) ?? 0) + 1);
      cells.set(cell, owners);
    });
    const label = `${stage.statement.operands[at]!.tensor}(${variables.join(",")}), ${rows} x ${columns}, in ${phase.plan.units} units`;
    return drawn({ label, width, height: Math.ceil(rows / scale), cells, units: phase.plan.units, scale });
  }
  return drawn({
    label: "no matrix is walked along the loops",
    width: 1,
    height: 1,
    cells: new Map(),
    units: 1,
    scale: 1,
  });
}

/** Whether an entry lies before a cut; a cut that ends at one of its coordinates lies before it. */
function isBefore(key: readonly number[], tuple: readonly number[]): boolean {
  for (let v = 0; v < key.length; v++) {
    if (v >= tuple.length) return false;
    if (key[v] !== tuple[v]) return key[v]! < tuple[v]!;
  }
  return tuple.slice(key.length).some((coordinate) => coordinate > 0);
}

interface Drawing {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly cells: ReadonlyMap<number, ReadonlyMap<number, number>>;
  readonly units: number;
  readonly scale: number;
}

function drawn({ label, width, height, cells, units, scale }: Drawing): string {
  const squares: Markup[] = [];
  for (const [cell, owners] of cells) {
    const [owner, entries] = [...owners].reduce((most, each) => (each[1] > most[1] ? each : most));
    const total = [...owners.values()].reduce((sum, count) => sum + count, 0);
    const [x, y] = [(cell % width) * CELL, Math.floor(cell / width) * CELL];
    const shared = owners.size === 1 ? "" : ` and ${owners.size - 1} more`;
    squares.push(
      html`<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="${colour(owner, units)}"><title>unit ${owner}${shared}: ${total} entries, ${entries} its own</title></rect>\n`,
    );
  }
  const cellNote = scale === 1 ? "" : `; a square is ${scale} x ${scale}`;
  const [w, h] = [Math.max(width * CELL, 320), height * CELL + 22];
  const picture = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -20 ${w + 8} ${h + 6}" role="img" aria-label="${label}" font-family="sans-serif" font-size="11">
<rect x="-4" y="-20" width="${w + 8}" height="${h + 6}" fill="#fff"/>
<text x="0" y="-8" fill="#333">${label}${cellNote}</text>
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
