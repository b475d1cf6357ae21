/**
 * Results whose elements all have a place before the loops run. Sums that end in one element are kept in a variable, sums
 * that share a row of elements are made in place.
 *
 * The unit in which a row begins writes it. What later units add to it goes to a carry of their own, behind the result,
 * and is added in the order of the units afterwards: no unit ever writes what another one does.
 */
import type { LocalValue, Value } from "@millrace/loop-ir";
import type { LoopEmitter, LoopPoint } from "./emit-loops.ts";
import type { LoopSpec } from "./loop-spec.ts";
import type { ResultEmitter } from "./result-emitter.ts";

/** Where the elements of a result lie. */
export interface Rows {
  /** How many variables tell the rows apart. */
  readonly depth: number;
  /** The variables of the elements of one row, outermost first. */
  readonly tail: readonly number[];
  /** Whether elements are added up. */
  readonly reduces: boolean;
  /** The number of a row, at a point of that depth. */
  readonly row: (point: LoopPoint) => Value;
  /** Elements of the whole result, behind which the carries lie. */
  readonly total: (out: ReturnType<LoopEmitter["buffer"]>) => Value;
}

/** See the head of this file. */
export class PlacedResult implements ResultEmitter {
  readonly #emitter: LoopEmitter;
  readonly #rows: Rows;
  #sum: LocalValue | undefined;
  #row: LocalValue | undefined;

  constructor(emitter: LoopEmitter, rows: Rows) {
    this.#emitter = emitter;
    this.#rows = rows;
  }

  begin(): void {}

  around(point: LoopPoint, inner: () => void): void {
    const { depth, reduces, tail } = this.#rows;
    if (point.depth !== depth) inner();
    else if (reduces && tail.length === 0) this.#sumOf(point, inner);
    else this.#rowOf(point, inner);
  }

  leaf(point: LoopPoint): void {
    const { b, spec } = this.#emitter;
    const value = this.#emitter.value(point);
    if (spec.countOnly) return;
    if (this.#sum !== undefined) b.set(this.#sum, b.add(this.#sum, value));
    else {
      const { reduces, tail } = this.#rows;
      const element = tail.length === 0 ? this.#row! : b.add(this.#row!, linear(this.#emitter, point, tail)!);
      if (!reduces) b.store(this.#out(), element, value);
      else {
        const place = b.local("at", element);
        b.store(this.#out(), place, b.add(b.load(this.#out(), place), value));
      }
    }
  }

  end(): void {}

  #sumOf(point: LoopPoint, inner: () => void): void {
    const { b, spec } = this.#emitter;
    const sum = b.local("sum", b.f64(0));
    this.#sum = sum;
    inner();
    this.#sum = undefined;
    if (spec.countOnly) return;
    const out = this.#out();
    const store = (): void => b.store(out, this.#rows.row(point), sum);
    const carry = (): void => b.store(out, b.add(this.#rows.total(out), b.unit), sum);
    const continues = this.#emitter.continues(point);
    // Every unit has a part in a single number, even where it has no work.
    if (this.#rows.depth === 0 && spec.cutVariables > 0) carry();
    else if (continues === undefined) store();
    else b.if(continues, carry, store);
  }

  #rowOf(point: LoopPoint, inner: () => void): void {
    const { b, spec } = this.#emitter;
    const { tail, reduces } = this.#rows;
    if (spec.countOnly) {
      inner();
      return;
    }
    const width = tail.map((v) => this.#emitter.size(v)).reduce((left, right) => b.multiply(left, right), b.i32(1));
    const row = b.local("row", b.multiply(this.#rows.row(point), width));
    const continues = reduces ? this.#emitter.continues(point) : undefined;
    if (continues !== undefined)
      b.if(continues, () => b.set(row, b.add(this.#rows.total(this.#out()), b.multiply(b.unit, width))));
    // No unit but this one writes here, and this one does so once: what was there before does not matter.
    if (reduces) b.for("fill", b.i32(0), width, (place) => b.store(this.#out(), b.add(row, place), 0));
    this.#row = row;
    inner();
    this.#row = undefined;
  }

  #out() {
    return this.#emitter.buffer("out", "f64", "read-write");
  }
}

/** The place of a point along some variables, the first of them outermost; undefined along none. */
function linear(emitter: LoopEmitter, { coordinates }: LoopPoint, variables: readonly number[]): Value | undefined {
  const { b } = emitter;
  let place: Value | undefined;
  for (const v of variables) {
    const coordinate = coordinates[v]!;
    place = place === undefined ? coordinate : b.add(b.multiply(place, emitter.size(v)), coordinate);
  }
  return place;
}

/** The rows of a dense result: those of the variables outside its sums. */
export function denseRows(emitter: LoopEmitter, result: Extract<LoopSpec["result"], { readonly kind: "dense" }>): Rows {
  const { storage, rowDepth, reduces } = result;
  const { b } = emitter;
  // Without sums each element is a row of its own, in whatever order the loops come to it.
  const prefix = reduces ? storage.filter((v) => v < rowDepth) : storage;
  return {
    depth: rowDepth,
    tail: reduces ? storage.filter((v) => v >= rowDepth) : [],
    reduces,
    row: (point) => linear(emitter, point, prefix) ?? b.i32(0),
    total: () => storage.map((v) => emitter.size(v)).reduce((left, right) => b.multiply(left, right), b.i32(1)),
  };
}

/** The rows of a result that has the upper levels of an operand: one for each of its positions. */
export function alignedRows(
  emitter: LoopEmitter,
  result: Extract<LoopSpec["result"], { readonly kind: "aligned" }>,
): Rows {
  const { operand, depth, tail, reduces } = result;
  const { b } = emitter;
  return {
    depth,
    tail,
    reduces,
    row: ({ operands }) => operands[operand]!.position,
    total: (out) => {
      const width = tail.map((v) => emitter.size(v)).reduce((left, right) => b.multiply(left, right), b.i32(1));
      return b.subtract(b.convert("i32", b.length(out)), b.multiply(b.units, width));
    },
  };
}
