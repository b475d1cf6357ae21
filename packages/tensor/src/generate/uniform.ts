import { TensorError } from "../errors.ts";
import { checkShape } from "../storage/coordinates/coordinate-list.ts";
import { elementCount } from "../storage/element-count.ts";
import type { CoordinateList } from "../storage/tensor.ts";
import { checkEntries, type GeneratorOptions, generatedList } from "./generated-list.ts";
import { distinctSample } from "./random/distinct-sample.ts";
import { RandomStream } from "./random/random-stream.ts";

/** Options of {@link uniformTensor}. */
export interface UniformOptions extends GeneratorOptions {
  /** Extent of each mode; at least one mode, at most 2^53 positions in all. */
  readonly shape: readonly number[];
  /** Exact number of entries. */
  readonly entries: number;
}

/**
 * A tensor with exactly `entries` distinct entries, every choice of coordinates equally likely.
 *
 * @throws {TensorError} `generator-options`; `shape-invalid` for a shape that is none
 *
 * @example
 * ```ts
 * const tensor = uniformTensor({ shape: [100, 100, 100], entries: 50, seed: 7 });
 * structureOf(tensor).duplicates; // => 0
 * ```
 */
export function uniformTensor(options: UniformOptions): CoordinateList {
  const { shape, entries, seed } = options;
  checkShape(shape);
  const volume = elementCount(shape);
  if (shape.length === 0 || volume > 2 ** 53) {
    throw new TensorError(
      "generator-options",
      `a shape of ${shape.length} modes and ${volume} positions; expected 1 mode or more and at most 2^53 positions`,
    );
  }
  checkEntries(entries, volume);
  const linear = distinctSample(new RandomStream(seed, "uniform coordinates"), entries, volume);
  const coordinates = shape.map(() => new Int32Array(entries));
  for (let m = shape.length - 1; m >= 0; m--) {
    const [array, extent] = [coordinates[m]!, shape[m]!];
    for (let e = 0; e < entries; e++) {
      const rest = Math.floor(linear[e]! / extent);
      array[e] = linear[e]! - rest * extent;
      linear[e] = rest;
    }
  }
  return generatedList(shape, coordinates, options);
}
