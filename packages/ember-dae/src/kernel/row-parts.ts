/** Rows of one width cut into vectors, and how they are read and prefetched. */
import type { BufferValue, NestBuilder, Value, VectorType } from "@millrace/loop-ir";
import type { TableElement } from "../operation/operation.ts";

/** How a kernel is specialised. */
export interface KernelOptions {
  /** Elements of a row. */
  readonly width: number;
  /** Bytes of a vector: 16 for WebAssembly, 64 where the processor may have them. */
  readonly vectorBytes: 16 | 32 | 64;
  /** Lines that prefetches run ahead; 0 for none. */
  readonly runAheadLines: number;
  /** Bags begin at nothing instead of at what `out` holds: it need not be cleared. */
  readonly fresh?: boolean;
}

/** The elements of a row from `offset` on: the lanes of a vector, or one scalar. */
export interface RowPart {
  readonly offset: number;
  readonly type: VectorType | "f32" | "f64";
}

/** The type that rows are computed in. */
export type Accumulator = "f32" | "f64";

const lineBytes = 64;

/** The parts of a row: whole vectors, then shorter ones, then scalars. */
export function rowParts(lane: Accumulator, { width, vectorBytes }: KernelOptions): RowPart[] {
  const [parts, bytes]: [RowPart[], number] = [[], lane === "f64" ? 8 : 4];
  let offset = 0;
  for (let size: number = vectorBytes; size >= 16; size /= 2) {
    const lanes = size / bytes;
    for (; offset + lanes <= width; offset += lanes) parts.push({ offset, type: { lane, lanes } });
  }
  for (; offset < width; offset++) parts.push({ offset, type: lane });
  return parts;
}

/** One number in all lanes of a part. */
export function spread(b: NestBuilder, { type }: RowPart, value: Value): Value {
  return typeof type === "string" ? value : b.splat(type, value);
}

/** A part of the row that begins at entry `start` of a table, widened to what is computed in. */
export function loadPart(b: NestBuilder, table: BufferValue, start: Value, { offset, type }: RowPart): Value {
  const at = b.add(start, b.i64(offset));
  if (typeof type === "string") return b.convert(type, b.load(table, at));
  if (table.element === "i8") return b.convert(type, b.load(table, at, { type: { lane: "i32", lanes: type.lanes } }));
  return b.load(table, at, { type });
}

/** What rows are stored as: elements of a table, or words that are copied. */
export type RowElement = TableElement | "i32";

/** Bytes of an element of a row. */
export function bytesOfElement(element: RowElement): number {
  return { f64: 8, f32: 4, i32: 4, f16: 2, bf16: 2, i8: 1 }[element];
}

/** Rows ahead, from lines ahead: what is under way at once is a number of lines, whatever the width. */
export function rowsAhead(element: RowElement, { width, runAheadLines }: KernelOptions): number {
  const lines = Math.max(1, Math.ceil((width * bytesOfElement(element)) / lineBytes));
  return runAheadLines === 0 ? 0 : Math.max(1, Math.round(runAheadLines / lines));
}

/** Prefetches every line of the row that begins at entry `start` into the second cache. */
export function prefetchRow(b: NestBuilder, table: BufferValue, start: Value, width: number): void {
  const step = lineBytes / bytesOfElement(table.element as RowElement);
  for (let at = 0; at < width; at += step) b.prefetch(table, b.add(start, b.i64(at)), 2);
  // A row that begins inside of a line may end in one more.
  if (width % step !== 0 && width > 1) b.prefetch(table, b.add(start, b.i64(width - 1)), 2);
}
