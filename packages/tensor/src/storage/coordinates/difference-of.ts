import { TensorError } from "../../errors.ts";
import type { CoordinateList } from "../tensor.ts";
import { componentsOf } from "../value-array.ts";
import { combineDuplicates } from "./combine-duplicates.ts";
import { entryCount, sortCoordinates } from "./coordinate-list.ts";

/** Two values at one place that differ by more than the tolerance. */
export interface Difference {
  readonly coordinates: readonly number[];
  readonly found: number;
  readonly expected: number;
}

/** What comparing two tensors found. */
export interface DifferenceFacts {
  /** Places compared: all at which either has an entry. */
  readonly compared: number;
  /** Places at which they differ by more than the tolerance. */
  readonly differing: number;
  /** The first of these, in row-major order; at most ten. */
  readonly differences: readonly Difference[];
  /** Largest of |found - expected| / max(1, |expected|) over all places; `NaN` counts as infinite unless both are `NaN`. */
  readonly largestError: number;
}

const LISTED = 10;

/**
 * Compares two lists of real entries value by value; a missing entry is a zero, duplicates are added up.
 *
 * @param tolerance most of |found - expected| / max(1, |expected|) that counts as equal
 * @throws {TensorError} `shape-invalid` unless the shapes are equal, `format-unsupported` for complex values
 *
 * @example
 * ```ts
 * const [found, expected] = [3, 4].map((value) => coordinateList([2], [[1, value]]));
 * differenceOf(found, expected, 1e-9).differences; // => [{ coordinates: [1], found: 3, expected: 4 }]
 * ```
 */
export function differenceOf(found: CoordinateList, expected: CoordinateList, tolerance: number): DifferenceFacts {
  if (found.shape.join() !== expected.shape.join()) {
    const message = `a tensor of shape [${found.shape.join(", ")}] cannot equal one of shape [${expected.shape.join(", ")}]`;
    throw new TensorError("shape-invalid", message);
  }
  const [left, right] = [normalized(found), normalized(expected)];
  const differences: Difference[] = [];
  let compared = 0;
  let differing = 0;
  let largestError = 0;
  for (let l = 0, r = 0; l < left.count || r < right.count; compared++) {
    const order = placeOrder(left, l, right, r);
    const place = order <= 0 ? left.coordinates.map((array) => array[l]!) : right.coordinates.map((array) => array[r]!);
    const foundValue = order <= 0 ? left.values[l++]! : 0;
    const expectedValue = order >= 0 ? right.values[r++]! : 0;
    const error = relativeError(foundValue, expectedValue);
    if (error > largestError) largestError = error;
    if (error <= tolerance) continue;
    differing++;
    if (differences.length < LISTED)
      differences.push({ coordinates: place, found: foundValue, expected: expectedValue });
  }
  return { compared, differing, differences, largestError };
}

interface Entries {
  readonly coordinates: readonly Int32Array[];
  readonly values: Float64Array;
  readonly count: number;
}

function normalized(list: CoordinateList): Entries {
  if (componentsOf(list.valueType) !== 1) {
    throw new TensorError("format-unsupported", "only real values can be compared, not complex128");
  }
  const values = new Float64Array(list.values);
  const sorted = sortCoordinates({ ...list, valueType: "float64", values });
  const entries = { ...sorted, count: entryCount(sorted) };
  return combineDuplicates(entries, { duplicates: "sum", dropZeros: false }) as Entries;
}

/** Below 0 if the place of `left`'s entry comes first, above 0 if `right`'s does; past its end a list comes last. */
function placeOrder(left: Entries, l: number, right: Entries, r: number): number {
  if (l === left.count || r === right.count) return l === left.count ? 1 : -1;
  for (let mode = 0; mode < left.coordinates.length; mode++) {
    const distance = left.coordinates[mode]![l]! - right.coordinates[mode]![r]!;
    if (distance !== 0) return distance;
  }
  return 0;
}

function relativeError(found: number, expected: number): number {
  if (Object.is(found, expected) || found === expected) return 0;
  const error = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}
