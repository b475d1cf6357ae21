/** Timed map, accum and scan: busy with reading operands, computing, or storing results, whichever takes longest. */
import type { TileSize } from "../../functions/function.ts";
import { accumFunction, mapFunction } from "../../functions/registry.ts";
import { expectSameStop } from "../../ops/memory/random-store.ts";
import type { Site } from "../machine.ts";
import { bareTag, isBare, isFromMemory, stopOf, valueTag } from "../slot-tag.ts";
import { TimedNode } from "../timed-node.ts";
import { elementBytes, payloadKind } from "../value-pool.ts";

/** What map, accum and scan have in common: the arguments at the heads of the inputs, and how long one step takes. */
abstract class ComputeNode extends TimedNode {
  protected readonly site: Site;
  readonly #ports: readonly number[];
  readonly #bytes: readonly number[];
  readonly #bandwidth: number;
  protected readonly stores: boolean;
  protected readonly outputBytes: number;
  // The sizes of the arguments of the step under way.
  protected readonly sizes: { rows: number; columns: number }[];

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.site = site;
    const { inputs, attributes, outputs } = site.node;
    const elements = inputs[0]!.element.kind === "tuple" ? inputs[0]!.element.parts : inputs.map((one) => one.element);
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
      if (payloadKind(this.site.node.inputs[Math.min(place, this.inputs.length - 1)]!.element) === "number") continue;
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

  protected freeAll(): void {
    for (const port of this.#ports) this.free(port);
  }
}

/** Applies a function to each element. */
export class TimedMap extends ComputeNode {
  readonly #fn = mapFunction(this.site.node.attributes.word("fn"));
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
    if (this.#yieldsNumbers) {
      const parameter = node.attributes.number("parameter", 1);
      const [a, b] = [this.argument(0), this.sizes.length > 1 ? this.argument(1) : 0];
      return this.#numberOf(name, a, b, parameter);
    }
    const [first, second] = this.sizes as [TileSize, TileSize | undefined];
    const valid = pool.validRows[this.argument(0)] ?? first.rows;
    if (name === "set-offset") return pool.tile(first.rows, first.columns, this.argument(1));
    if (name === "append-row") return pool.tile(first.rows, first.columns, Math.min(first.rows, valid + 1));
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
  readonly #fn = accumFunction(this.site.node.attributes.word("fn"));
  readonly #rank = this.site.node.attributes.number("rank");
  readonly #running = this.site.node.operator === "scan";
  // Size of the accumulator.
  #rows = 0;
  #columns = 0;
  #valid = 0;

  protected step(): void {
    const stop = stopOf(this.input(0).headTag);
    const given = this.readArguments();
    if (given) this.#grow();
    const ends = stop >= this.#rank;
    if (ends && this.#rows === 0) this.#initial();
    const writes = ends || (this.#running && given);
    const bytes = this.stores && writes ? this.#rows * this.#columns * this.outputBytes : 0;
    if (given) this.clock += this.busyCycles(this.#fn.flops(this.sizes), bytes);
    if (this.#running) this.write(0, this.#result(), given ? valueTag(stop, this.stores) : bareTag(stop));
    else if (ends) this.write(0, this.#result(), valueTag(stop - this.#rank, this.stores));
    if (ends) this.#rows = this.#columns = this.#valid = 0;
    this.freeAll();
  }

  #result(): number {
    if (payloadKind(this.site.node.outputs[0]!.element) === "number") return 1;
    return this.site.pool.tile(this.#rows, this.#columns, this.#valid);
  }

  #grow(): void {
    const [first, second] = this.sizes as [TileSize, TileSize | undefined];
    const valid = this.site.pool.validRows[this.argument(0)] ?? first.rows;
    const { name } = this.#fn;
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

  /** The size of a fold of nothing. */
  #initial(): void {
    const { element } = this.site.node.outputs[0]!;
    if (element.kind !== "tile") return;
    this.#rows = this.#fn.name === "retile-rows" ? 0 : (element.rows.value ?? 0);
    this.#columns = element.columns.value ?? 0;
    this.#valid = this.#rows;
  }
}
