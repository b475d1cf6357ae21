import type { Source } from "./source.ts";

/** A place as people name it: both count from 1; columns count UTF-16 units, as editors do, so a tab is one column. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * Where the lines of a source begin. A line ends at LF, CR LF or a lone CR; the end of the text belongs to the last
 * line, which is empty if the text ends in a line break.
 *
 * Every method takes any number: offsets outside the text count as its nearest end.
 *
 * @example
 * ```ts
 * const lines = new LineMap({ name: "a", text: "one\r\ntwo" });
 * lines.positionAt(6); // => { line: 2, column: 2 }
 * ```
 */
export class LineMap {
  readonly #source: Source;
  /** Offset of the first character of each line; rising, the first is 0. */
  readonly #starts: readonly number[];

  constructor(source: Source) {
    this.#source = source;
    this.#starts = lineStarts(source.text);
  }

  /** How many lines there are; at least 1. */
  get count(): number {
    return this.#starts.length;
  }

  /** Index of the line that holds `offset`, counted from 0. */
  indexAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.startOf(middle) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Line and column of `offset`; lines count from the source's `firstLine`. */
  positionAt(offset: number): Position {
    const inside = this.clamp(offset);
    const index = this.indexAt(inside);
    return { line: this.numberOf(index), column: inside - this.startOf(index) + 1 };
  }

  /** The number that messages give the line with this index. */
  numberOf(index: number): number {
    return index + (this.#source.firstLine ?? 1);
  }

  /** Offset of the first character of the line with this index. */
  startOf(index: number): number {
    return this.#starts[index] ?? this.#source.text.length;
  }

  /** Offset behind the last character of the line with this index, its line break left out. */
  endOf(index: number): number {
    const { text } = this.#source;
    const start = this.startOf(index);
    let end = this.startOf(index + 1);
    if (index + 1 >= this.#starts.length) return end;
    if (end > start && text.charCodeAt(end - 1) === lineFeed) end--;
    if (end > start && text.charCodeAt(end - 1) === carriageReturn) end--;
    return end;
  }

  /** `offset`, or the nearest end of the text; not-a-number counts as 0. */
  clamp(offset: number): number {
    if (!(offset > 0)) return 0;
    return Math.min(Math.trunc(offset), this.#source.text.length);
  }
}

const known = new WeakMap<Source, LineMap>();

/** The line map of a source, made on first use and kept as long as the source lives. */
export function lineMapOf(source: Source): LineMap {
  let map = known.get(source);
  if (map === undefined) {
    map = new LineMap(source);
    known.set(source, map);
  }
  return map;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code === lineFeed) starts.push(offset + 1);
    else if (code === carriageReturn && text.charCodeAt(offset + 1) !== lineFeed) starts.push(offset + 1);
  }
  return starts;
}
