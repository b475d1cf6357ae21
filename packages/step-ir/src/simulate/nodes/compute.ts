/** Timed map, accum and scan: busy with reading operands, computing, or storing results, whichever takes longest. */
import type { TileSize } from "../../functions/function.ts";
import { accumFunction, mapFunction } from "../../functions/registry.ts";
import { named } from "../../ops/compute/arguments.ts";
import { expectSameStop } from "../../ops/memory/random-store.ts";
import { expectKnownGroup, outermost } from "../../program/rules.ts";
import type { TileType } from "../../stream/element-type.ts";
import { scalar, type TileValue } from "../../stream/value.ts";
import { expectKnown, type Site } from "../machine.ts";
import { bareTag, isBare, isFromMemory, stopOf, valueTag } from "../slot-tag.ts";
import { TimedNode } from "../timed-node.ts";
import { elementBytes, payloadKind } from "../value-pool.ts";

/** What map, accum and scan have in common: the arguments at the heads of the inputs, and how long one step takes. */
abstract class ComputeNode extends TimedNode {
  protected readonly site: Site;
  readonly #ports: readonly number[];
  readonly #elements: readonly TileType[];
  readonly #bytes: readonly number[];
  readonly #bandwidth: number;
  protected readonly stores: boolean;
  protected readonly outputBytes: number;
  // The sizes of the arguments of the step under way.
  protected readonly sizes: { rows: number; columns: number }[];

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.site = site;
    expectKnown(site);
    const { inputs, attributes, outputs } = site.node;
    const elements = inputs[0]!.element.kind === "tuple" ? inputs[0]!.element.parts : inputs.map((one) => one.element);
    this.#elements = elements as readonly TileType[];
    this.#ports = inputs.map((_, port) => port);
    this.#bytes = elements.map((element) => elementBytes(element, site.options.bytesPerF32));
    this.#bandwidth = attributes.number("bandwidth", Number.POSITIVE_INFINITY);
    this.stores = attributes.flag("store");
    this.outputBytes = elementBytes(outputs[0]!.element, site.options.bytesPerF32);
    this.sizes = elements.map(() => ({ rows: 1, columns: 1 }));
  }

  protected awaits(): readonly number[] {
    return this.#ports;
  }

  protected end(): void {}

  /** Payload of argument `place`. */
  protected argument(place: number): number {
    if (this.inputs.length > 1) return this.input(place).headPayload;
    const { headPayload } = this.input(0);
    return this.sizes.length === 1 ? headPayload : this.site.pool.listOf(headPayload)[place]!;
  }

  /** Looks up the sizes of the arguments, and checks that the inputs are in step; whether there are any. */
  protected readArguments(): boolean {
    const tag = this.input(0).headTag;
    if (this.inputs.length > 1) {
      const other = this.input(1).headTag;
      if (stopOf(tag) !== stopOf(other) || isBare(tag) !== isBare(other)) {
        const slot = (one: number) => ({ value: isBare(one) ? undefined : 1, stop: stopOf(one) });
        expectSameStop(this.site.node, slot(tag), slot(other));
      }
    }
    if (isBare(tag)) return false;
    const { rows, columns } = this.site.pool;
    for (const [place, size] of this.sizes.entries()) {
      if (payloadKind(this.#elements[place]!) === "number") continue;
      const handle = this.argument(place);
      size.rows = rows[handle]!;
      size.columns = columns[handle]!;
    }
    return true;
  }

  /** Cycles of one step that does `flops` operations and, if it is not 0, stores a result of so many bytes. */
  protected busyCycles(flops: number, stored: number): number {
    const rate = this.site.options.memoryUnitBytesPerCycle;
    let reading = 0;
    for (const [place, size] of this.sizes.entries()) {
      if (!isFromMemory(this.input(Math.min(place, this.inputs.length - 1)).headTag)) continue;
      reading += Math.ceil((size.rows * size.columns * this.#bytes[place]!) / rate);
    }
    this.site.tally.flops += flops;
    return Math.max(reading, Math.ceil(flops / this.#bandwidth), Math.ceil(stored / rate));
  }

  /** The arguments of the step under way with their numbers: all in functional mode, otherwise only single numbers have any. */
  protected argumentTiles(): readonly TileValue[] {
    return this.#elements.map((element, place) => {
      const payload = this.argument(place);
      return payloadKind(element) === "number" ? scalar(payload) : this.site.pool.contentOf(payload);
    });
  }

  protected freeAll(): void {
    for (const port of this.#ports) this.free(port);
  }
}

/** Applies a function to each element. */
export class TimedMap extends ComputeNode {
  readonly #fn = mapFunction(this.site.node.attributes.fn("fn"));
  readonly #yieldsNumbers = payloadKind(this.site.node.outputs[0]!.element) === "number";

  protected step(): void {
    const tag = this.input(0).headTag;
    if (!this.readArguments()) this.write(0, 0, bareTag(stopOf(tag)));
    else {
      const result = this.#result();
      const { rows, columns } = this.site.pool;
      const bytes = this.#yieldsNumbers ? 8 : rows[result]! * columns[result]! * this.outputBytes;
      this.clock += this.busyCycles(this.#fn.flops(this.sizes), this.stores ? bytes : 0);
      this.write(0, result, valueTag(stopOf(tag), this.stores));
    }
    this.freeAll();
  }

  #result(): number {
    const { pool, node } = this.site;
    const { name } = this.#fn;
    const parameter = node.attributes.number("parameter", 1);
    if (pool.functional) {
      const result = named(node, () => this.#fn.apply(this.argumentTiles(), parameter));
      return this.#yieldsNumbers ? result.numbers[0]! : pool.hold(result);
    }
    if (this.#yieldsNumbers) {
      const [a, b] = [this.argument(0), this.sizes.length > 1 ? this.argument(1) : 0];
      return this.#numberOf(name, a, b, parameter);
    }
    const [first, second] = this.sizes as [TileSize, TileSize | undefined];
    const valid = pool.validRows[this.argument(0)] ?? first.rows;
    if (name === "set-offset") return pool.tile(first.rows, first.columns, this.argument(1));
    if (name === "append-row") return pool.tile(first.rows, first.columns, Math.min(first.rows, valid + 1));
    if (name === "refold") return pool.tile(parameter, (first.rows * first.columns) / parameter);
    if (name === "row-sum") return pool.tile(first.rows, 1, valid);
    if (second === undefined) return this.argument(0);
    if (name === "matmul") return pool.tile(first.rows, second.columns, valid);
    if (name === "matmul-transposed" || name === "scores") return pool.tile(first.rows, second.rows, valid);
    const rows = Math.max(first.rows, second.rows);
    const rowsValid = first.rows === rows ? valid : pool.validRows[this.argument(1)]!;
    return pool.tile(rows, Math.max(first.columns, second.columns), rowsValid);
  }

  /** A function of single numbers, which may decide addresses and sizes. */
  #numberOf(name: string, a: number, b: number, parameter: number): number {
    if (name === "row-address") return a * parameter + b;
    if (name === "last-address") return a * parameter + b - 1;
    if (name === "add") return a + b;
    if (name === "subtract") return a - b;
    if (name === "multiply") return a * b;
    if (name === "maximum") return Math.max(a, b);
    return name === "scale" ? a * parameter : a;
  }
}

/** Folds elements; with `running` it gives the value so far for each. */
export class TimedAccum extends ComputeNode {
  readonly #fn = accumFunction(this.site.node.attributes.fn("fn"));
  readonly #rank = this.site.node.attributes.number("rank");
  readonly #running = this.site.node.operator === "scan";
  readonly #type = this.site.node.outputs[0]!.element as TileType;
  readonly #yieldsNumbers = payloadKind(this.#type) === "number";
  // Whether the numbers are folded, not only the sizes: they decide time where they are counts and addresses.
  readonly #folds = this.site.pool.functional || this.#foldsNumbers();
  #value = this.#fn.initial(this.#type);
  #before = outermost;
  // Size of the accumulator.
  readonly #size = new FoldedSize(this.#fn.name, this.#type);

  protected step(): void {
    const stop = stopOf(this.input(0).headTag);
    const given = this.readArguments();
    if (!given && !this.#running) expectKnownGroup(this.site.node, this.#rank, stop, this.#before);
    this.#before = stop;
    if (given) {
      if (this.#folds) this.#value = named(this.site.node, () => this.#fn.update(this.#value, this.argumentTiles()));
      else this.#size.grow(this.sizes, this.site.pool.validRows[this.argument(0)] ?? this.sizes[0]!.rows);
    }
    const ends = stop >= this.#rank;
    const writes = ends || (this.#running && given);
    if (given) this.clock += this.busyCycles(this.#fn.flops(this.sizes), this.stores && writes ? this.#bytes() : 0);
    if (this.#running) this.write(0, given ? this.#result() : 0, given ? valueTag(stop, this.stores) : bareTag(stop));
    else if (ends) this.write(0, this.#result(), valueTag(stop - this.#rank, this.stores));
    if (ends) {
      this.#value = this.#fn.initial(this.#type);
      this.#size.reset();
    }
    this.freeAll();
  }

  #bytes(): number {
    const { rows, columns } = this.#folds ? this.#value : this.#size.whole;
    return rows * columns * this.outputBytes;
  }

  #result(): number {
    if (this.#yieldsNumbers) return this.#folds ? this.#value.numbers[0]! : 1;
    if (this.#folds) return this.site.pool.hold(this.#value);
    const { rows, columns, validRows } = this.#size.whole;
    return this.site.pool.tile(rows, columns, validRows);
  }

  #foldsNumbers(): boolean {
    return this.#yieldsNumbers && this.site.node.inputs.every(({ element }) => payloadKind(element) === "number");
  }
}

/** The size of what a function folds, without its numbers. */
class FoldedSize {
  readonly #name: string;
  readonly #type: TileType;
  #rows = 0;
  #columns = 0;
  #valid = 0;

  constructor(name: string, type: TileType) {
    this.#name = name;
    this.#type = type;
  }

  reset(): void {
    this.#rows = this.#columns = this.#valid = 0;
  }

  /** One more step, with arguments of these sizes, the first of which has so many valid rows. */
  grow(sizes: readonly TileSize[], valid: number): void {
    const [first, second] = sizes as [TileSize, TileSize | undefined];
    const name = this.#name;
    if (name === "retile-rows") {
      this.#rows += first.rows;
      this.#columns = first.columns;
      this.#valid += valid;
      return;
    }
    this.#columns = name === "retile-columns" ? this.#columns + first.columns : first.columns;
    if (name === "matmul") this.#columns = second!.columns;
    if (name === "matmul-transposed") this.#columns = second!.rows;
    if (name === "all-read") this.#columns = 1;
    this.#rows = name === "all-read" ? 1 : first.rows;
    this.#valid = Math.max(this.#valid, valid);
  }

  /** The size so far; a fold of nothing has the size of its type. */
  get whole(): { readonly rows: number; readonly columns: number; readonly validRows: number } {
    if (this.#rows > 0) return { rows: this.#rows, columns: this.#columns, validRows: this.#valid };
    const rows = this.#name === "retile-rows" ? 0 : (this.#type.rows.value ?? 0);
    return { rows, columns: this.#type.columns.value ?? 0, validRows: rows };
  }
}
