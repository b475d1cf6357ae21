/**
 * The values behind the payloads of a timed run. In timing mode tiles are kept by size only, each size once, as their
 * contents do not decide time; in functional mode each tile is kept with its numbers.
 */
import { StepError } from "../errors.ts";
import { type ElementType, isNumber, scalarBytes } from "../stream/element-type.ts";
import { BufferValue, SelectorValue, scalar, TileValue, TupleValue, type Value } from "../stream/value.ts";
import { isBare, stopOf } from "./slot-tag.ts";

/** How the payloads of a stream are to be read. */
export type PayloadKind = "number" | "tile" | "selector" | "buffer" | "tuple";

/** The kind of the payloads of a stream with these elements: single integers stand for themselves. */
export function payloadKind(element: ElementType): PayloadKind {
  return isNumber(element) ? "number" : element.kind;
}

/** Most numbers that the tiles of a functional run may have together. */
const mostNumbers = 2 ** 26;

/** Handles for tiles or their sizes, for selectors, and for what buffers and tuples hold. */
export class ValuePool {
  /** Whether tiles have contents. */
  readonly functional: boolean;
  // Parallel: the size of each tile handle.
  readonly rows: number[] = [];
  readonly columns: number[] = [];
  readonly validRows: number[] = [];
  // Parallel to them in functional mode.
  readonly #contents: TileValue[] = [];
  #numbers = 0;
  readonly #tiles = new Map<number, Map<number, number>>();
  readonly #selectors: (readonly number[])[] = [];
  readonly #selectorHandles = new Map<string, number>();
  readonly #lists: (readonly number[])[] = [];

  constructor(functional = false) {
    this.functional = functional;
  }

  /**
   * A handle for a tile: with its contents in functional mode, by its size otherwise.
   *
   * @throws {StepError} `too-much-work` if the tiles of the run have too many numbers.
   */
  hold(value: TileValue): number {
    const { rows, columns, validRows } = value;
    if (!this.functional) return this.tile(rows, columns, validRows);
    this.#numbers += rows * columns;
    if (this.#numbers > mostNumbers) {
      const message = `the tiles of this run have more than ${mostNumbers} numbers: run it in timing mode, or with smaller sizes`;
      throw new StepError("too-much-work", message);
    }
    this.#contents.push(value);
    this.columns.push(columns);
    this.validRows.push(validRows);
    return this.rows.push(rows) - 1;
  }

  /** The tile behind a handle; in functional mode only. */
  contentOf(handle: number): TileValue {
    return this.#contents[handle]!;
  }

  /** What a payload of a stream with these elements stands for; in functional mode only. */
  valueOf(payload: number, element: ElementType): Value {
    switch (payloadKind(element)) {
      case "number":
        return scalar(payload);
      case "tile":
        return this.contentOf(payload);
      case "selector":
        return new SelectorValue(this.chosen(payload));
      case "tuple": {
        const { parts } = element as Extract<ElementType, { kind: "tuple" }>;
        return new TupleValue(this.listOf(payload).map((part, place) => this.valueOf(part, parts[place]!)));
      }
      default:
        return this.#bufferOf(this.listOf(payload));
    }
  }

  /** `held` has payload and tag of each slot, in turn. */
  #bufferOf(held: readonly number[]): BufferValue {
    const slots = Array.from({ length: held.length / 2 }, (_, slot) => {
      const tag = held[2 * slot + 1]!;
      return { value: isBare(tag) ? undefined : this.contentOf(held[2 * slot]!), stop: stopOf(tag) };
    });
    return new BufferValue(slots);
  }

  /** The handle of tiles of a size; in timing mode only. */
  tile(rows: number, columns: number, validRows: number = rows): number {
    const size = rows * 2 ** 26 + columns;
    let handles = this.#tiles.get(size);
    if (handles === undefined) {
      handles = new Map();
      this.#tiles.set(size, handles);
    }
    const known = handles.get(validRows);
    if (known !== undefined) return known;
    const handle = this.rows.push(rows) - 1;
    this.columns.push(columns);
    this.validRows.push(validRows);
    handles.set(validRows, handle);
    return handle;
  }

  /** The handle of a selector. */
  selector(chosen: readonly number[]): number {
    const key = chosen.join();
    const known = this.#selectorHandles.get(key);
    if (known !== undefined) return known;
    const handle = this.#selectors.push(chosen) - 1;
    this.#selectorHandles.set(key, handle);
    return handle;
  }

  /** What a selector chooses. */
  chosen(handle: number): readonly number[] {
    return this.#selectors[handle]!;
  }

  /** A handle for a list of numbers: the slots of a buffer, payload and tag in turn, or the payloads of a tuple. */
  list(numbers: readonly number[]): number {
    return this.#lists.push(numbers) - 1;
  }

  /** The numbers behind a handle. */
  listOf(handle: number): readonly number[] {
    return this.#lists[handle]!;
  }

  /**
   * The payload that stands for a value of a source.
   *
   * @throws {StepError} `stream-values` for buffers and tuples, which cannot come from outside in a timed run.
   */
  payload(value: Value): number {
    if (value instanceof SelectorValue) return this.selector(value.chosen);
    if (value instanceof TileValue) return this.hold(value);
    throw new StepError("stream-values", "a timed run takes tiles, numbers and selectors from outside");
  }
}

/** Bytes per number of a stream's tiles, where f32 may count as bf16. */
export function elementBytes(element: ElementType, bytesPerF32: 2 | 4): number {
  if (element.kind !== "tile") return 0;
  return element.scalar === "f32" ? bytesPerF32 : scalarBytes[element.scalar];
}
