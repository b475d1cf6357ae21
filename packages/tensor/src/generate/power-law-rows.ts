import type { CoordinateList } from "../storage/tensor.ts";
import { checkEntries, checkInteger, checkNumber, type GeneratorOptions, generatedList } from "./generated-list.ts";
import { distinctSample } from "./random/distinct-sample.ts";
import { RandomStream } from "./random/random-stream.ts";

/** Options of {@link powerLawRows}. */
export interface PowerLawOptions extends GeneratorOptions {
  readonly rows: number;
  readonly columns: number;
  /** Exact number of entries. */
  readonly entries: number;
  /** How skewed: the k-th longest row is proportional to k^-exponent; 0 (all alike) to 4. */
  readonly exponent: number;
}

/**
 * A matrix whose row lengths follow a power law (Zipf), as far as rows of `columns` places can; which row gets which
 * length is random, and the columns of a row are uniform without repetition.
 *
 * @throws {TensorError} `generator-options`
 *
 * @example
 * ```ts
 * const matrix = powerLawRows({ rows: 1000, columns: 1000, entries: 5000, exponent: 1, seed: 7 });
 * structureOf(matrix).maximumRow; // => 668
 * ```
 */
export function powerLawRows(options: PowerLawOptions): CoordinateList {
  const { rows, columns, entries, exponent, seed } = options;
  checkInteger("rows", rows, 1, 2 ** 28);
  checkInteger("columns", columns, 1);
  checkEntries(entries, rows * columns);
  checkNumber("exponent", exponent, 0, 4);
  const lengths = powerLawLengths(options);
  const ranks = shuffled(rows, new RandomStream(seed, "row order"));
  const stream = new RandomStream(seed, "columns");
  const [rowOf, columnOf] = [new Int32Array(entries), new Int32Array(entries)];
  for (let i = 0, e = 0; i < rows; i++) {
    for (const column of distinctSample(stream, lengths[ranks[i]!]!, columns)) {
      rowOf[e] = i;
      columnOf[e++] = column;
    }
  }
  return generatedList([rows, columns], [rowOf, columnOf], options);
}

/**
 * Lengths by rank, longest first, adding up to `entries`: each takes its share of what is left, at most a full row. A
 * share never falls below the mean of what is left, so the rest always fits.
 */
function powerLawLengths({ rows, columns, entries, exponent }: PowerLawOptions): Int32Array {
  const tails = new Float64Array(rows + 1);
  for (let rank = rows - 1; rank >= 0; rank--) tails[rank] = tails[rank + 1]! + (rank + 1) ** -exponent;
  const lengths = new Int32Array(rows);
  let left = entries;
  for (let rank = 0; rank < rows; rank++) {
    const share = rank === rows - 1 ? left : Math.round((left * (rank + 1) ** -exponent) / tails[rank]!);
    lengths[rank] = Math.min(columns, share);
    left -= lengths[rank]!;
  }
  return lengths;
}

function shuffled(count: number, stream: RandomStream): Int32Array {
  const order = Int32Array.from({ length: count }, (_, rank) => rank);
  for (let i = count - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
