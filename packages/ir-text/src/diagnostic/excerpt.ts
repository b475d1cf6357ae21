import { type Glyph, glyphOf } from "./glyph.ts";

/** A line, or a window of a long one, with the marks below it. */
export interface Excerpt {
  readonly shown: string;
  readonly underline: string;
}

/** A stretch of one line of a text; offsets into `text`, `lineStart <= from <= to <= lineEnd`. */
export interface LineStretch {
  readonly text: string;
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly from: number;
  readonly to: number;
}

/** Most terminal cells of a line that are shown. */
const windowCells = 100;
/** Of these, the cells kept for what follows the start of the stretch. */
const trailingCells = 70;
/** Most characters looked at on either side, so that a line of any length costs the same. */
const reach = 4 * windowCells;
const ellipsis = "…";

/** Shows the stretch within its line, with carets below it; at least one caret, even for an empty stretch. */
export function excerptOf(stretch: LineStretch): Excerpt {
  const glyphs = glyphsAround(stretch);
  const startIndex = indexOfOffset(glyphs, stretch.from);
  const { low, high } = windowAround(glyphs, startIndex);
  const visible = glyphs.slice(low, high);

  const last = glyphs[high - 1];
  const visibleEnd = last === undefined ? stretch.from : last.offset + lengthAt(stretch.text, last.offset);
  const cutLeft = (visible[0]?.offset ?? stretch.lineStart) > stretch.lineStart;
  const cutRight = visibleEnd < stretch.lineEnd;

  let before = cutLeft ? 1 : 0;
  let carets = 0;
  for (let index = 0; index < visible.length; index++) {
    const glyph = visible[index] as Glyph;
    if (low + index < startIndex) before += glyph.cells;
    else if (glyph.offset < stretch.to) carets += glyph.cells;
  }
  if (cutRight && stretch.to > visibleEnd) carets++;
  const shown = (cutLeft ? ellipsis : "") + visible.map((glyph) => glyph.text).join("") + (cutRight ? ellipsis : "");
  return { shown, underline: " ".repeat(before) + "^".repeat(Math.max(1, carets)) };
}

function glyphsAround({ text, lineStart, lineEnd, from }: LineStretch): Glyph[] {
  let start = Math.max(lineStart, from - reach);
  if (start > lineStart && lengthAt(text, start - 1) === 2) start--;
  const end = Math.min(lineEnd, from + reach);
  const glyphs: Glyph[] = [];
  for (let offset = start; offset < end; ) {
    const length = lengthAt(text, offset);
    glyphs.push(glyphOf(text.slice(offset, offset + length), offset));
    offset += length;
  }
  return glyphs;
}

/** Index of the glyph that holds `offset`, or the number of glyphs if it lies behind the last. */
function indexOfOffset(glyphs: readonly Glyph[], offset: number): number {
  const next = glyphs.findIndex((glyph) => glyph.offset > offset);
  if (next > 0) return next - 1;
  const last = glyphs.at(-1);
  return last !== undefined && offset < last.offset + 1 ? glyphs.length - 1 : glyphs.length;
}

function windowAround(glyphs: readonly Glyph[], start: number): { low: number; high: number } {
  let low = start;
  let high = start;
  let cells = 0;
  const cellsAt = (index: number): number => glyphs[index]?.cells ?? Number.POSITIVE_INFINITY;
  while (cells + cellsAt(high) <= trailingCells) cells += cellsAt(high++);
  while (cells + cellsAt(low - 1) <= windowCells) cells += cellsAt(--low);
  while (cells + cellsAt(high) <= windowCells) cells += cellsAt(high++);
  return { low, high };
}

/** UTF-16 units of the character at `offset`: 2 for a surrogate pair. */
function lengthAt(text: string, offset: number): number {
  return (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
}
