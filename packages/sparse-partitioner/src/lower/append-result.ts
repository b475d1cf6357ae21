/** Results whose entries come about in the order in which they are stored. */
import type { LocalValue, Value } from "@millrace/loop-ir";
import type { LoopEmitter, LoopPoint } from "./emit-loops.ts";
import { EntryCursor } from "./entry-cursor.ts";
import type { LoopSpec } from "./loop-spec.ts";
import type { ResultEmitter } from "./result-emitter.ts";

type AppendSpec = Extract<LoopSpec["result"], { readonly kind: "append" }>;

/** Entries with values; below an entry there may be dense levels, sums, or both. */
export class AppendResult implements ResultEmitter {
  readonly #emitter: LoopEmitter;
  readonly #result: AppendSpec;
  #cursor: EntryCursor | undefined;
  #width: Value | undefined;
  #sum: LocalValue | undefined;
  #any: LocalValue | undefined;
  /** From how many variables on there is something below, if any extent is: the loops left are dense and whole. */
  readonly #certain: number;

  constructor(emitter: LoopEmitter, result: AppendSpec) {
    this.#emitter = emitter;
    this.#result = result;
    const { operands, cutVariables } = emitter.spec;
    const sparse = operands.flatMap(({ places, sparse: kinds }) => places.filter((_, l) => kinds[l]));
    this.#certain = Math.max(result.leafDepth, cutVariables, ...sparse.map((place) => place + 1));
  }

  begin(): void {
    const { b } = this.#emitter;
    this.#cursor = new EntryCursor(this.#emitter, this.#result.eagerRows);
    const sizes = this.#result.tail.map((v) => this.#emitter.size(v));
    if (sizes.length > 0)
      this.#width = b.local(
        "width",
        sizes.reduce((left, right) => b.multiply(left, right)),
      );
  }

  around(point: LoopPoint, inner: () => void): void {
    const { leafDepth } = this.#result;
    const below = point.depth === this.#certain ? () => this.#beginWhole(point, inner) : inner;
    if (point.depth === leafDepth - 1) this.#cursor!.row(point, below);
    else if (point.depth === leafDepth && leafDepth < this.#emitter.spec.variables.length) this.#entry(point, below);
    else below();
  }

  leaf(point: LoopPoint): void {
    const { b, spec } = this.#emitter;
    const cursor = this.#cursor!;
    const value = this.#emitter.value(point);
    if (this.#width !== undefined) {
      if (spec.countOnly) return;
      const values = this.#values();
      const place = b.local("at", b.add(b.multiply(cursor.entry, this.#width), this.#tailPlace(point)));
      b.store(values, place, this.#result.reduces ? b.add(b.load(values, place), value) : value);
    } else if (this.#sum !== undefined) b.set(this.#sum, b.add(this.#sum, value));
    else {
      if (!spec.countOnly) b.store(this.#values(), cursor.entry, value);
      cursor.append(point.coordinates[this.#result.leafDepth - 1]!);
    }
  }

  end(): void {
    this.#cursor!.end();
  }

  /** Before dense loops that go over all of their extents: if these have any, there is a value below. */
  #beginWhole({ depth }: LoopPoint, inner: () => void): void {
    const { b, spec } = this.#emitter;
    if (depth === spec.variables.length) this.#begin();
    else {
      const extents = spec.variables.slice(depth).map((_, v) => b.less(b.i32(0), this.#emitter.size(depth + v)));
      b.if(
        extents.reduce((left, right) => b.and(left, right)),
        () => this.#begin(),
      );
    }
    inner();
  }

  /** At the first value below an entry: only now its place is this unit's to write. */
  #begin(): void {
    const { b, spec } = this.#emitter;
    const any = this.#any;
    const width = this.#width;
    if (any === undefined) return;
    if (width === undefined || spec.countOnly) b.set(any, true);
    else
      b.if(b.not(any), () => {
        const from = b.multiply(this.#cursor!.entry, width);
        b.for("fill", from, b.add(from, width), (place) => b.store(this.#values(), place, 0));
        b.set(any, true);
      });
  }

  /** Around everything below one entry, which is kept if anything is there. */
  #entry(point: LoopPoint, inner: () => void): void {
    const { b, spec } = this.#emitter;
    const cursor = this.#cursor!;
    this.#any = b.local("any", b.constant("bool", false));
    if (this.#width === undefined) this.#sum = b.local("sum", b.f64(0));
    inner();
    const sum = this.#sum;
    b.if(this.#any, () => {
      if (sum !== undefined && !spec.countOnly) b.store(this.#values(), cursor.entry, sum);
      cursor.append(point.coordinates[this.#result.leafDepth - 1]!);
    });
    this.#any = undefined;
    this.#sum = undefined;
  }

  #values() {
    return this.#emitter.buffer("out_val", "f64", "read-write");
  }

  #tailPlace({ coordinates }: LoopPoint): Value {
    const { b } = this.#emitter;
    return this.#result.tail
      .map((v) => ({ coordinate: coordinates[v]!, size: this.#emitter.size(v) }))
      .reduce<Value | undefined>(
        (place, { coordinate, size }) =>
          place === undefined ? coordinate : b.add(b.multiply(place, size), coordinate),
        undefined,
      )!;
  }
}

/** Coordinates that survive, each with the position of every operand; -1 where an operand is not there. */
export class SurvivorResult implements ResultEmitter {
  readonly #emitter: LoopEmitter;
  readonly #operands: readonly number[];
  #cursor: EntryCursor | undefined;

  constructor(emitter: LoopEmitter, operands: readonly number[]) {
    this.#emitter = emitter;
    this.#operands = operands;
  }

  begin(): void {
    this.#cursor = new EntryCursor(this.#emitter, false);
  }

  around(point: LoopPoint, inner: () => void): void {
    if (point.depth === this.#emitter.spec.variables.length - 1) this.#cursor!.row(point, inner);
    else inner();
  }

  leaf(point: LoopPoint): void {
    const { b, spec } = this.#emitter;
    const cursor = this.#cursor!;
    for (const at of spec.countOnly ? [] : this.#operands) {
      const { presence, position } = point.operands[at]!;
      const map = this.#emitter.buffer(`${spec.operands[at]!.name}_to`, "i32", "write");
      const value = presence === true ? position : presence === false ? b.i32(-1) : b.select(presence, position, -1);
      b.store(map, cursor.entry, value);
    }
    cursor.append(point.coordinates.at(-1)!);
  }

  end(): void {
    this.#cursor!.end();
  }
}
