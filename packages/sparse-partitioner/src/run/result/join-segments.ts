/**
 * Joins what units appended to places of their own. Two units that share a row may both have an entry at one coordinate;
 * those are added in the order of the units.
 */
import type { Rows } from "./build-levels.ts";

/** What all units wrote: unit u has entries from `entryStart[u]` up to `entryEnd[u]`, and rows likewise. */
export interface Segments {
  readonly units: number;
  readonly entryStart: readonly number[];
  readonly entryEnd: readonly number[];
  readonly rowStart: readonly number[];
  readonly rowEnd: readonly number[];
  readonly rows: Rows;
  readonly coordinates: Int32Array;
  readonly values: Float64Array;
  /** Values of one entry. */
  readonly width: number;
}

/** Entries and rows without gaps. */
export interface Joined {
  readonly rows: Rows;
  readonly coordinates: Int32Array;
  readonly values: Float64Array;
}

/** Moves all entries together; rows that go on in the next unit are merged. */
export function joinSegments(segments: Segments): Joined {
  const { units, entryStart, entryEnd, rowStart, rowEnd, rows, width } = segments;
  let total = 0;
  for (let u = 0; u < units; u++) total += entryEnd[u]! - entryStart[u]!;
  const joined = new Joining(total, rows, width);
  for (let u = 0; u < units; u++) {
    let from = entryStart[u]!;
    const prefixed = rows.columns.length > 0;
    const rowsOfUnit = prefixed ? rowEnd[u]! - rowStart[u]! : Math.min(1, entryEnd[u]! - from);
    for (let at = 0; at < rowsOfUnit; at++) {
      const r = prefixed ? rowStart[u]! + at : 0;
      const end = prefixed ? rows.ends[r]! : entryEnd[u]!;
      if (joined.continues(prefixed ? r : -1)) joined.merge(segments, from, end);
      else {
        // No later row of this unit can go on from an earlier unit: the rest is moved as it is.
        joined.move(segments, { from, end: entryEnd[u]!, firstRow: r, lastRow: prefixed ? rowEnd[u]! : 1 });
        break;
      }
      from = end;
    }
  }
  return joined.finish();
}

class Joining {
  readonly #coordinates: Int32Array;
  readonly #values: Float64Array;
  readonly #columns: readonly Int32Array[];
  readonly #ends: Int32Array;
  readonly #source: Rows;
  readonly #width: number;
  #count = 0;
  #rows = 0;
  #rowFrom = 0;

  constructor(total: number, source: Rows, width: number) {
    this.#coordinates = new Int32Array(total);
    this.#values = new Float64Array(total * width);
    this.#columns = source.columns.map(() => new Int32Array(source.count));
    this.#ends = new Int32Array(source.count + 1);
    this.#source = source;
    this.#width = width;
  }

  /** Whether row `r` of the source is the last row written so far. */
  continues(r: number): boolean {
    if (this.#rows === 0) return false;
    return r < 0 || this.#columns.every((column, l) => column[this.#rows - 1] === this.#source.columns[l]![r]);
  }

  move(
    { coordinates, values }: Segments,
    part: { readonly from: number; readonly end: number; readonly firstRow: number; readonly lastRow: number },
  ): void {
    const { from, end, firstRow, lastRow } = part;
    const shift = this.#count - from;
    this.#coordinates.set(coordinates.subarray(from, end), this.#count);
    this.#values.set(values.subarray(from * this.#width, end * this.#width), this.#count * this.#width);
    const [source, first, count] = [this.#source, this.#rows, lastRow - firstRow];
    this.#columns.forEach((column, l) => {
      column.set(source.columns[l]!.subarray(firstRow, lastRow), first);
    });
    const ends = this.#ends;
    if (this.#columns.length === 0) ends[first] = end + shift;
    else for (let at = 0; at < count; at++) ends[first + at] = source.ends[firstRow + at]! + shift;
    this.#rowFrom = count > 1 ? ends[first + count - 2]! : this.#count;
    this.#rows += count;
    this.#count = end + shift;
  }

  /** Adds sorted entries to the last row. */
  merge({ coordinates, values }: Segments, from: number, end: number): void {
    const width = this.#width;
    let split = this.#count;
    while (split > this.#rowFrom && this.#coordinates[split - 1]! >= coordinates[from]!) split -= 1;
    const oldCoordinates = this.#coordinates.slice(split, this.#count);
    const oldValues = this.#values.slice(split * width, this.#count * width);
    let a = 0;
    let b = from;
    let out = split;
    while (a < oldCoordinates.length || b < end) {
      const left = a < oldCoordinates.length ? oldCoordinates[a]! : Number.POSITIVE_INFINITY;
      const right = b < end ? coordinates[b]! : Number.POSITIVE_INFINITY;
      this.#coordinates[out] = Math.min(left, right);
      for (let w = 0; w < width; w++) {
        const first = left <= right ? oldValues[a * width + w]! : values[b * width + w]!;
        this.#values[out * width + w] = left === right ? first + values[b * width + w]! : first;
      }
      if (left <= right) a += 1;
      if (right <= left) b += 1;
      out += 1;
    }
    this.#count = out;
    this.#ends[this.#rows - 1] = out;
  }

  finish(): Joined {
    return {
      rows: { columns: this.#columns, ends: this.#ends, count: this.#rows },
      coordinates: this.#coordinates.subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count * this.#width),
    };
  }
}
