/** Gathers at machine speed: rows are copied as words, so that every element type, and every bit of a NaN, is kept. */
import type { Nest, Value } from "@millrace/loop-ir";
import type { Operation } from "../operation/operation.ts";
import { LookupWriter } from "./lookup-writer.ts";
import { bytesOfElement, type KernelOptions } from "./row-parts.ts";

/** What rows are copied as. */
export type Word = "i32" | "i8";

/** Words of 4 bytes where blocks of rows are made of them, else bytes. */
export function wordOf(operation: Operation & { kind: "gather" }, width: number): Word {
  return (width * operation.block * bytesOfElement(operation.table)) % 4 === 0 ? "i32" : "i8";
}

/**
 * The nest of a gather; buffers `idx`, `table`, `out` of words, scalars `rows` (blocks of the table) and `count` (ids).
 * Units share the ids.
 */
export function gatherKernel(operation: Operation & { kind: "gather" }, options: KernelOptions): Nest {
  const word = wordOf(operation, options.width);
  const words = (options.width * operation.block * bytesOfElement(operation.table)) / (word === "i32" ? 4 : 1);
  const writer = new LookupWriter(operation, { ...options, width: words }, word);
  const { b, width } = writer;
  const count = b.scalar("count", "i64");
  const table = writer.table("table");
  const out = b.buffer("out", word, { access: "write", extent: b.multiply(count, width) });
  const lanes = options.vectorBytes / 4;
  const whole = word === "i32" ? words - (words % lanes) : 0;
  writer.share(count, (s) => {
    writer.runAhead(table, s);
    const row = writer.rowStart(s);
    const to = b.local("to", b.multiply(s, width));
    const vector = { type: { lane: "i32", lanes } } as const;
    const copyVector = (j: Value) => b.store(out, b.add(to, j), b.load(table, b.add(row, j), vector));
    if (whole > 0) b.for("j", b.i64(0), b.i64(whole), copyVector, { step: lanes });
    b.for("j", b.i64(whole), width, (j) => b.store(out, b.add(to, j), b.load(table, b.add(row, j))));
  });
  return b.finish();
}
