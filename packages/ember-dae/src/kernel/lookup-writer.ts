/** What all kernels of lookups share: arguments, shares of units, checked offsets and ids, and prefetches that run ahead. */
import { type BufferValue, type LocalValue, NestBuilder, type Value } from "@millrace/loop-ir";
import { accumulatorOf, type Operation } from "../operation/operation.ts";
import { type Accumulator, type KernelOptions, prefetchRow, type RowElement, rowsAhead } from "./row-parts.ts";

/**
 * Writes a kernel. Every offset and every id is checked where it is read, so that the nest needs no other checks: the
 * extents of tables and outputs are those of its declarations.
 */
export class LookupWriter {
  readonly b: NestBuilder;
  readonly type: Accumulator;
  readonly options: KernelOptions;
  /** Elements of a row, as an i64. */
  readonly width: Value;
  readonly idx: BufferValue;
  readonly #index: "i32" | "i64";
  readonly #operation: Operation;
  readonly #element: RowElement;
  readonly #rows: Value;

  /** `options.width` counts elements of the table, or words if `element` says that rows are copied as words. */
  constructor(operation: Operation, options: KernelOptions, element: RowElement = operation.table) {
    this.b = new NestBuilder(operation.kind);
    this.#element = element;
    this.type = accumulatorOf(operation);
    this.options = options;
    this.#operation = operation;
    this.#index = operation.index === "i32" ? "i32" : "i64";
    this.width = this.b.i64(options.width);
    this.#rows = this.b.scalar("rows", "i64");
    this.idx = this.b.buffer("idx", this.#index);
  }

  /** A table of `rows` rows. */
  table(name: string): BufferValue {
    return this.b.buffer(name, this.#element, { extent: this.b.multiply(this.#rows, this.width) });
  }

  /** The offsets of bags. */
  offsets(bags: Value): BufferValue {
    return this.b.buffer("ptr", this.#index, { extent: this.b.add(bags, this.b.i64(1)) });
  }

  /** One number for each id, if the operation has them. */
  weights(): BufferValue | undefined {
    if (!("weights" in this.#operation) || this.#operation.weights === "none") return undefined;
    return this.b.buffer("val", this.type, { extent: this.b.length(this.idx) });
  }

  /** Runs `body` for this unit's share of `0 … count - 1`. */
  share(count: Value, body: (index: LocalValue) => void, before?: (first: Value) => void): void {
    const { b } = this;
    const units = b.convert("i64", b.units);
    const end = (unit: Value) => b.divide(b.multiply(unit, count), units);
    const unit = b.convert("i64", b.unit);
    const first = b.local("first", end(unit));
    before?.(first);
    b.for("i", first, end(b.add(unit, b.i64(1))), body);
  }

  /** Where a bag begins and ends in `idx`. */
  bounds(ptr: BufferValue, bag: Value): readonly [from: LocalValue, to: LocalValue] {
    const { b } = this;
    const from = b.local("from", this.#wide(b.load(ptr, bag)));
    const to = b.local("to", this.#wide(b.load(ptr, b.add(bag, b.i64(1)))));
    const order = b.and(b.lessEqual(b.i64(0), from), b.lessEqual(from, to));
    b.check(b.and(order, b.lessEqual(to, b.length(this.idx))), "an offset falls, or lies outside of the ids");
    return [from, to];
  }

  /** The entry of a table at which the row of the id at place `p` begins. */
  rowStart(p: Value): LocalValue {
    const { b } = this;
    const id = b.local("id", this.#wide(b.load(this.idx, p)));
    b.check(b.and(b.lessEqual(b.i64(0), id), b.less(id, this.#rows)), "an id lies outside of the table");
    return b.local("row", b.multiply(id, this.width));
  }

  /** How many rows prefetches run ahead. */
  get ahead(): number {
    return rowsAhead(this.#element, this.options);
  }

  /** Prefetches the row that is looked up `ahead` places after `p`, a place of `idx`, in whatever bag that is. */
  runAhead(table: BufferValue, p: Value): void {
    const { b, ahead } = this;
    if (ahead === 0) return;
    const last = b.subtract(b.length(this.idx), b.i64(1));
    this.#prefetch(table, b.minimum(b.add(p, b.i64(ahead)), last));
  }

  /** Prefetches the first rows of this unit, from place `from` on. */
  startAhead(table: BufferValue, from: Value): void {
    const { b, ahead } = this;
    if (ahead === 0) return;
    const end = b.minimum(b.add(from, b.i64(ahead)), b.length(this.idx));
    b.for("p", b.maximum(from, b.i64(0)), end, (p) => this.#prefetch(table, p));
  }

  // The address of a prefetch need not lie in the table, so the id is not checked here.
  #prefetch(table: BufferValue, p: Value): void {
    const later = this.b.local("later", this.b.multiply(this.#wide(this.b.load(this.idx, p)), this.width));
    prefetchRow(this.b, table, later, this.options.width);
  }

  #wide(value: Value): Value {
    return this.b.convert("i64", value);
  }
}
