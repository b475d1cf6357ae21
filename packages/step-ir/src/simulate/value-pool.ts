/**
 * The values behind the payloads of a timed run. Tiles are kept by size only, each size once; their contents do not decide
 * time.
 */
import { StepError } from "../errors.ts";
import { type ElementType, scalarBytes } from "../stream/element-type.ts";
import { SelectorValue, TileValue, type Value } from "../stream/value.ts";

/** How the payloads of a stream are to be read. */
export type PayloadKind = "number" | "tile" | "selector" | "buffer" | "tuple";

/** The kind of the payloads of a stream with these elements: single integers stand for themselves. */
export function payloadKind(element: ElementType): PayloadKind {
  if (element.kind !== "tile") return element.kind;
  const integer = element.scalar === "u64" || element.scalar === "u32";
  return integer && element.rows.value === 1 && element.columns.value === 1 ? "number" : "tile";
}

/** Handles for sizes of tiles, for selectors, and for what buffers and tuples hold. */
export class ValuePool {
  // Parallel: the size of each tile handle.
  readonly rows: number[] = [];
  readonly columns: number[] = [];
  readonly validRows: number[] = [];
  readonly #tiles = new Map<number, Map<number, number>>();
  readonly #selectors: (readonly number[])[] = [];
  readonly #selectorHandles = new Map<string, number>();
  readonly #lists: (readonly number[])[] = [];

  /** The handle of tiles of a size. */
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
    if (value instanceof TileValue) return this.tile(value.rows, value.columns, value.validRows);
    throw new StepError("stream-values", "a timed run takes tiles, numbers and selectors from outside");
  }
}

/** Bytes per number of a stream's tiles, where f32 may count as bf16. */
export function elementBytes(element: ElementType, bytesPerF32: 2 | 4): number {
  if (element.kind !== "tile") return 0;
  return element.scalar === "f32" ? bytesPerF32 : scalarBytes[element.scalar];
}
