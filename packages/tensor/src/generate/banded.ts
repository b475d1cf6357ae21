import type { CoordinateList } from "../storage/tensor.ts";
import {
  checkEntries,
  checkInteger,
  checkNumber,
  type GeneratorOptions,
  generatedList,
  maximumGeneratedEntries,
} from "./generated-list.ts";
import { RandomStream } from "./random/random-stream.ts";

/** Options of {@link bandedMatrix}. */
export interface BandedOptions extends GeneratorOptions {
  readonly rows: number;
  readonly columns: number;
  /** Diagonals below the main one. */
  readonly lower: number;
  /** Diagonals above the main one. */
  readonly upper: number;
  /** Probability of each place in the band; 1 unless given. */
  readonly fill?: number;
}

/**
 * A matrix with entries (i, j) where -lower <= j - i <= upper, each with probability `fill`.
 *
 * @throws {TensorError} `generator-options`
 */
export function bandedMatrix(options: BandedOptions): CoordinateList {
  const { rows, columns, lower, upper, seed, fill = 1 } = options;
  checkInteger("rows", rows, 0, maximumGeneratedEntries);
  checkInteger("columns", columns, 0);
  checkInteger("lower", lower, 0);
  checkInteger("upper", upper, 0);
  checkNumber("fill", fill, 0, 1);
  let room = 0;
  for (let i = 0; i < rows; i++) room += Math.max(0, bandEnd(i, options) - Math.max(0, i - lower));
  checkEntries(room, Number.POSITIVE_INFINITY);
  const stream = new RandomStream(seed, "band");
  const [rowOf, columnOf] = [new Int32Array(room), new Int32Array(room)];
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const end = bandEnd(i, options);
    for (let j = Math.max(0, i - lower); j < end; j++) {
      if (fill < 1 && stream.unit() >= fill) continue;
      rowOf[count] = i;
      columnOf[count++] = j;
    }
  }
  return generatedList([rows, columns], [rowOf.slice(0, count), columnOf.slice(0, count)], options);
}

const bandEnd = (row: number, { columns, upper }: BandedOptions): number => Math.min(columns, row + upper + 1);
