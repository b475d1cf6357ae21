/** A table of embeddings that is looked up in batches. */
import { arrayConstructor, type BoundKernel, type BufferArray, LoopError } from "@millrace/loop-ir";
import { EmberError } from "../errors.ts";
import { writerOf } from "../interpret/memory.ts";
import { wordOf } from "../kernel/gather-kernel.ts";
import { locateFault } from "../kernel/locate-fault.ts";
import { accumulatorOf, type Operation, type TableElement } from "../operation/operation.ts";
import type { LookupEngine } from "./lookup-engine.ts";
import { type BagArrays, bagsOfRequest, type IdArray, type LookupRequest } from "./lookup-request.ts";

/** The extents of a table and what it holds. */
export interface TableShape {
  readonly element: TableElement;
  readonly rows: number;
  /** Elements of a row. */
  readonly width: number;
}

/** Memory of a table, and what gives it back. */
export interface TableMemory {
  readonly array: BufferArray;
  release(): void;
}

interface Call {
  readonly bind: () => BoundKernel;
  readonly shared: boolean;
  readonly operands: Pick<BagArrays, "idx"> & { readonly ptr: IdArray | undefined };
  /** Gives the results to the caller. */
  finish(): BufferArray;
}

/** A table; {@link LookupEngine} makes it. */
export class Table {
  readonly element: TableElement;
  readonly rows: number;
  readonly width: number;
  readonly #engine: LookupEngine;
  #memory: TableMemory | undefined;
  #running = 0;

  /** @internal */
  constructor(engine: LookupEngine, { element, rows, width }: TableShape, memory: TableMemory) {
    this.element = element;
    this.rows = rows;
    this.width = width;
    this.#engine = engine;
    this.#memory = memory;
  }

  /** The rows themselves, one behind the other; halves as their bits. @throws {EmberError} `closed` */
  get array(): BufferArray {
    if (this.#memory === undefined) throw new EmberError("closed", "the table has been closed");
    return this.#memory.array;
  }

  /**
   * Writes whole rows from row `first` on, rounded to what the table holds.
   *
   * @throws {EmberError} `operand-shape` for a part of a row, `index-range` for rows that the table does not have
   */
  write(first: number, values: ArrayLike<number>): void {
    const { array, element, rows, width } = this;
    const count = values.length / Math.max(1, width);
    if (!Number.isInteger(count))
      throw new EmberError("operand-shape", `${values.length} elements are no whole rows of ${width}`);
    if (!(Number.isInteger(first) && first >= 0 && first + count <= rows))
      throw new EmberError("index-range", `rows ${first} to ${first + count} of a table of ${rows} rows`);
    const write = writerOf({ element, shape: [rows, width], array: array as Float32Array });
    for (let at = 0; at < values.length; at++) write(first * width + at, values[at] as number);
  }

  /**
   * Bags of rows, `[bags, width]`: `f64` for tables of `f64`, else `f32`. Large requests are shared by the engine's threads.
   *
   * @throws {EmberError} `index-range`, `offsets` naming the place; `weights`, `operand-shape`, `closed`
   */
  lookup(request: LookupRequest): Float32Array | Float64Array {
    return this.#now(this.#bags(request, false)) as Float32Array | Float64Array;
  }

  /** As {@link Table.lookup}, on other threads; until then, what the request holds must not change. */
  async lookupAsync(request: LookupRequest): Promise<Float32Array | Float64Array> {
    return (await this.#later(this.#bags(request, true))) as Float32Array | Float64Array;
  }

  /** Rows by their ids, `[ids, width]`, as the table holds them. @throws {EmberError} `index-range`, `closed` */
  gather(indices: IdArray): BufferArray {
    return this.#now(this.#rowsOf(indices));
  }

  /** Gives the memory back. @throws {EmberError} `closed` while an asynchronous lookup is under way */
  close(): void {
    if (this.#running > 0) {
      throw new EmberError("closed", `${this.#running} lookups are under way`, { help: "await them, then close" });
    }
    this.#memory?.release();
    this.#memory = undefined;
  }

  #now({ bind, shared, operands, finish }: Call): BufferArray {
    const bound = bind();
    try {
      this.#engine.run(bound, shared);
    } catch (error) {
      throw this.#located(operands, error);
    } finally {
      bound.release();
    }
    return finish();
  }

  async #later({ bind, shared, operands, finish }: Call): Promise<BufferArray> {
    let bound: BoundKernel | undefined;
    this.#running += 1;
    try {
      await this.#engine.runLater(() => {
        bound = bind();
        return bound;
      }, shared);
    } catch (error) {
      throw this.#located(operands, error);
    } finally {
      this.#running -= 1;
      bound?.release();
    }
    return finish();
  }

  #located(operands: Call["operands"], error: unknown): unknown {
    if (!(error instanceof LoopError && error.code === "fault")) return error;
    return locateFault({ ...operands, rows: this.rows }) ?? error;
  }

  #bags(request: LookupRequest, later: boolean): Call {
    const { array, element, rows, width } = this;
    const { mode = "sum", weights } = request;
    const type = accumulatorOf({ table: element });
    const { bags, idx, ptr, val } = bagsOfRequest(request, rows, copyOfKind);
    const operation: Operation = {
      ...{ kind: "bag", table: element, index: idx instanceof Int32Array ? "i32" : "i64" },
      weights: weights === undefined ? "none" : "multiply",
      reduce: mode === "max" ? "maximum" : "add",
      finish: mode === "max" ? "zero-empty" : mode === "mean" ? "mean" : "none",
    };
    const out = request.out ?? (this.#engine.resultArray(type, bags * width) as Float32Array);
    if (out.length !== bags * width || out.constructor !== arrayConstructor(type)) {
      throw new EmberError(
        "operand-shape",
        `results are ${bags} x ${width} ${type}, out is a ${out.constructor.name} of ${out.length}`,
      );
    }
    const shared = this.#engine.shares(idx.length, width * array.BYTES_PER_ELEMENT);
    const visible = (given: BufferArray) => (shared || later ? this.#engine.visible(given) : given);
    const [target, factors] = [visible(out), val === undefined ? undefined : converted(val, type)];
    const bind = () =>
      this.#engine.kernel(operation, width).bind({
        ...{ rows: BigInt(rows), bags: BigInt(bags), idx: visible(idx), ptr: visible(ptr), table: array, out: target },
        ...(factors === undefined ? {} : { val: visible(factors) }),
      });
    return { bind, shared, operands: { idx, ptr }, finish: () => copyBack(target, out) };
  }

  #rowsOf(indices: IdArray): Call {
    const { array, element, rows, width } = this;
    const index = indices instanceof Int32Array ? "i32" : "i64";
    const operation = { kind: "gather", table: element, index, block: 1 } as const;
    const out = this.#engine.resultArray(element, indices.length * width);
    const shared = this.#engine.shares(indices.length, width * array.BYTES_PER_ELEMENT);
    const word = wordOf(operation, width);
    const bind = () =>
      this.#engine.kernel(operation, width).bind({
        ...{ rows: BigInt(rows), count: BigInt(indices.length) },
        idx: shared ? this.#engine.visible(indices) : indices,
        ...{ table: asWords(array, word), out: asWords(out, word) },
      });
    return { bind, shared, operands: { idx: indices, ptr: undefined }, finish: () => out };
  }
}

function copyOfKind<T extends BufferArray>(like: T, length: number): T {
  return new (like.constructor as new (length: number) => T)(length);
}

function converted(values: Float32Array | Float64Array, type: "f32" | "f64"): Float32Array | Float64Array {
  if (type === "f64") return values instanceof Float64Array ? values : Float64Array.from(values);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function asWords({ buffer, byteOffset, byteLength }: BufferArray, word: "i32" | "i8"): BufferArray {
  return word === "i32"
    ? new Int32Array(buffer, byteOffset, byteLength / 4)
    : new Int8Array(buffer, byteOffset, byteLength);
}

function copyBack(from: BufferArray, to: BufferArray): BufferArray {
  if (from !== to) (to as Float32Array).set(from as Float32Array);
  return to;
}
