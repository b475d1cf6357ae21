import type { CoordinateList } from "../storage/tensor.ts";
import {
  checkEntries,
  checkInteger,
  type GeneratorOptions,
  generatedList,
  maximumGeneratedEntries,
} from "./generated-list.ts";
import { distinctSample } from "./random/distinct-sample.ts";
import { RandomStream } from "./random/random-stream.ts";

/** Options of {@link oneDenseRow}. */
export interface DenseRowOptions extends GeneratorOptions {
  readonly rows: number;
  readonly columns: number;
  /** Entries of every row but the dense one. */
  readonly entriesPerRow: number;
  /** The row that is full; 0 unless given. */
  readonly denseRow?: number;
}

/**
 * A matrix with one full row among rows of a few uniform entries: the worst case of splitting work by rows.
 *
 * @throws {TensorError} `generator-options`
 */
export function oneDenseRow(options: DenseRowOptions): CoordinateList {
  const { rows, columns, entriesPerRow, seed, denseRow = 0 } = options;
  checkInteger("rows", rows, 1, maximumGeneratedEntries);
  checkInteger("columns", columns, 1);
  checkInteger("entriesPerRow", entriesPerRow, 0, columns);
  checkInteger("denseRow", denseRow, 0, rows - 1);
  const entries = columns + (rows - 1) * entriesPerRow;
  checkEntries(entries, Number.POSITIVE_INFINITY);
  const stream = new RandomStream(seed, "columns");
  const [rowOf, columnOf] = [new Int32Array(entries), new Int32Array(entries)];
  for (let i = 0, e = 0; i < rows; i++) {
    for (const column of distinctSample(stream, i === denseRow ? columns : entriesPerRow, columns)) {
      rowOf[e] = i;
      columnOf[e++] = column;
    }
  }
  return generatedList([rows, columns], [rowOf, columnOf], options);
}
