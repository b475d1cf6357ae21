/** Where a unit appends entries and rows; what it leaves out when it only counts. */
import type { LocalValue, Value } from "@millrace/loop-ir";
import type { LoopEmitter, LoopPoint } from "./emit-loops.ts";

/**
 * Entries are appended at `entry`; a row, all entries below one prefix of coordinates, is recorded once it has any. Where
 * rows are eager, there is one dense level above: its end positions are written at once, by the unit that ends the row.
 */
export class EntryCursor {
  readonly entry: LocalValue;
  readonly #row: LocalValue;
  readonly #emitter: LoopEmitter;
  readonly #eager: boolean;

  constructor(emitter: LoopEmitter, eager: boolean) {
    const { b, spec } = emitter;
    this.#emitter = emitter;
    this.#eager = eager;
    const place = b.multiply(b.unit, 2);
    const starts = spec.countOnly ? undefined : emitter.buffer("unit_start", "i32");
    this.entry = b.local("entry", starts === undefined ? b.i32(0) : b.load(starts, place));
    this.#row = b.local("rows", starts === undefined ? b.i32(0) : b.load(starts, b.add(place, 1)));
  }

  /** Around all entries below one prefix. */
  row(point: LoopPoint, inner: () => void): void {
    const { b, spec } = this.#emitter;
    if (point.depth === 0) {
      inner();
      return;
    }
    const before = b.local("row_from", this.entry);
    inner();
    if (this.#eager) {
      if (!spec.countOnly) this.#endRow(point);
      return;
    }
    b.if(b.less(before, this.entry), () => {
      if (!spec.countOnly) {
        point.coordinates.forEach((coordinate, v) => {
          b.store(this.#emitter.buffer(`row${v}`, "i32", "write"), this.#row, coordinate);
        });
        b.store(this.#emitter.buffer("row_end", "i32", "write"), this.#row, this.entry);
      }
      b.set(this.#row, b.add(this.#row, 1));
    });
  }

  #endRow(point: LoopPoint): void {
    const { b } = this.#emitter;
    const ends = this.#emitter.buffer("row_pos", "i32", "write");
    const store = (): void => b.store(ends, b.add(point.coordinates[0]!, 1), this.entry);
    const goesOn = this.#emitter.goesOn(point);
    if (goesOn === undefined) store();
    else b.if(b.not(goesOn), store);
  }

  /** Appends a coordinate; its values are the caller's, stored at `entry` before. */
  append(coordinate: Value): void {
    const { b, spec } = this.#emitter;
    if (!spec.countOnly) b.store(this.#emitter.buffer("out_crd", "i32", "write"), this.entry, coordinate);
    b.set(this.entry, b.add(this.entry, 1));
  }

  /** Leaves behind how far the unit came. */
  end(): void {
    const { b } = this.#emitter;
    const ends = this.#emitter.buffer("unit_end", "i32", "write");
    b.store(ends, b.multiply(b.unit, 2), this.entry);
    b.store(ends, b.add(b.multiply(b.unit, 2), 1), this.#row);
  }
}
