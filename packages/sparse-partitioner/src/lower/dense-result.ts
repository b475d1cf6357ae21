/**
 * Results whose elements all have a place. Sums that end in one element are kept in a variable, sums that share a row of
 * elements are made in place.
 *
 * The unit in which a row begins writes it. What later units add to it goes to a carry of their own, behind the result,
 * and is added in the order of the units afterwards: no unit ever writes what another one does.
 */
import type { LocalValue, Value } from "@millrace/loop-ir";
import type { LoopEmitter, LoopPoint } from "./emit-loops.ts";
import type { LoopSpec } from "./loop-spec.ts";
import type { ResultEmitter } from "./result-emitter.ts";

type DenseSpec = Extract<LoopSpec["result"], { readonly kind: "dense" }>;

/** See the head of this file. */
export class DenseResult implements ResultEmitter {
  readonly #emitter: LoopEmitter;
  readonly #result: DenseSpec;
  readonly #tail: readonly number[];
  #sum: LocalValue | undefined;
  #row: LocalValue | undefined;

  constructor(emitter: LoopEmitter, result: DenseSpec) {
    this.#emitter = emitter;
    this.#result = result;
    this.#tail = result.reduces ? result.storage.filter((v) => v >= result.rowDepth) : [];
  }

  begin(): void {}

  around(point: LoopPoint, inner: () => void): void {
    const { rowDepth, reduces } = this.#result;
    if (!reduces || point.depth !== rowDepth) inner();
    else if (this.#tail.length > 0) this.#rowOf(point, inner);
    else this.#sumOf(point, inner);
  }

  leaf(point: LoopPoint): void {
    const { b, spec } = this.#emitter;
    const value = this.#emitter.value(point);
    if (spec.countOnly) return;
    if (this.#sum !== undefined) b.set(this.#sum, b.add(this.#sum, value));
    else if (this.#row !== undefined) {
      const out = this.#emitter.buffer("out", "f64", "read-write");
      const place = b.local("at", b.add(this.#row, this.#linear(point.coordinates, this.#tail)));
      b.store(out, place, b.add(b.load(out, place), value));
    } else {
      const out = this.#emitter.buffer("out", "f64", "read-write");
      b.store(out, this.#linear(point.coordinates, this.#result.storage), value);
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
    const out = this.#emitter.buffer("out", "f64", "read-write");
    const store = (): void => b.store(out, this.#linear(point.coordinates, this.#result.storage), sum);
    const carry = (): void => b.store(out, b.add(this.#total(), b.unit), sum);
    const continues = this.#emitter.continues(point);
    // Every unit has a part in a single number, even where it has no work.
    if (this.#result.rowDepth === 0 && spec.cutVariables > 0) carry();
    else if (continues === undefined) store();
    else b.if(continues, carry, store);
  }

  #rowOf(point: LoopPoint, inner: () => void): void {
    const { b } = this.#emitter;
    const width = this.#product(this.#tail);
    const prefix = this.#result.storage.filter((v) => v < this.#result.rowDepth);
    const row = b.local("row", b.multiply(this.#linear(point.coordinates, prefix), width));
    const continues = this.#emitter.continues(point);
    if (continues !== undefined) b.if(continues, () => b.set(row, b.add(this.#total(), b.multiply(b.unit, width))));
    // No unit but this one writes here, and this one does so once: what was there before does not matter.
    if (!this.#emitter.spec.countOnly) {
      const out = this.#emitter.buffer("out", "f64", "read-write");
      b.for("fill", b.i32(0), width, (place) => b.store(out, b.add(row, place), 0));
    }
    this.#row = row;
    inner();
    this.#row = undefined;
  }

  /** Elements of the result, behind which the carries lie. */
  #total(): Value {
    return this.#product(this.#result.storage);
  }

  #product(variables: readonly number[]): Value {
    const { b } = this.#emitter;
    return variables.map((v) => this.#emitter.size(v)).reduce((left, right) => b.multiply(left, right), b.i32(1));
  }

  #linear(coordinates: readonly Value[], variables: readonly number[]): Value {
    const { b } = this.#emitter;
    let place: Value | undefined;
    for (const v of variables) {
      const coordinate = coordinates[v]!;
      place = place === undefined ? coordinate : b.add(b.multiply(place, this.#emitter.size(v)), coordinate);
    }
    return place ?? b.i32(0);
  }
}
