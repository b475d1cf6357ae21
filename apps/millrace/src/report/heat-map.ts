/** A heat map: one square per cell, darker for more. */
import { html, type Markup } from "./markup.ts";

/** Cells in rows of equal length. */
export interface HeatMap {
  readonly label: string;
  readonly columns: number;
  readonly values: ArrayLike<number>;
  /** What a cell says when pointed at. */
  title(cell: number): string;
  /** Name before a row. */
  rowName(row: number): string;
}

const CELL = 14;
const NAME_WIDTH = 54;

/** Draws a heat map; the darkest cells are those with the largest value. */
export function drawHeatMap({ label, columns, values, title, rowName }: HeatMap): Markup {
  const rows = Math.ceil(values.length / columns);
  let most = 0;
  for (let cell = 0; cell < values.length; cell++) most = Math.max(most, values[cell]!);
  const cells: Markup[] = [];
  for (let row = 0; row < rows; row++) {
    const y = row * CELL;
    cells.push(html`<text x="${NAME_WIDTH - 6}" y="${y + 11}" text-anchor="end">${rowName(row)}</text>`);
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      // A bank with little work must still be told from one with none.
      const share = most === 0 ? 0 : values[cell]! / most;
      const opacity = share === 0 ? 0 : 0.08 + 0.92 * share;
      cells.push(
        html`<rect x="${NAME_WIDTH + column * CELL}" y="${y}" width="${CELL - 1}" height="${CELL - 1}" fill-opacity="${opacity.toFixed(3)}"><title>${title(cell)}</title></rect>`,
      );
    }
    cells.push(html`\n`);
  }
  const width = NAME_WIDTH + columns * CELL;
  return html`<svg class="heat" viewBox="0 0 ${width} ${rows * CELL}" style="max-width:${width * 1.6}px" role="img" aria-label="${label}">
${cells}</svg>`;
}
