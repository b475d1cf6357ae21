/** Compares the outputs of a run with the dense reference. */
import { type Tensor, unpack } from "@millrace/tensor";
import type { EinsumProgram } from "../program.ts";
import type { DenseResult } from "./evaluate-program.ts";

/** Values may differ by this, relative to the largest: sums of doubles in another order differ by far less. */
const TOLERANCE = 1e-9;

/** How far outputs are from the reference. */
export interface OutputDifference {
  readonly agrees: boolean;
  /** The largest difference of two values; infinite where one of them is not a number. */
  readonly largestError: number;
}

/** Compares every output of `program`, by name, with its reference; entries that are not stored are zeros. */
export function compareOutputs(
  { outputs }: Pick<EinsumProgram, "outputs">,
  reference: ReadonlyMap<string, DenseResult>,
  found: ReadonlyMap<string, Tensor>,
): OutputDifference {
  let largestError = 0;
  let largest = 1;
  for (const name of outputs) {
    const expected = reference.get(name)!;
    const dense = denseOf(found.get(name)!, expected.shape);
    for (const [place, value] of expected.values.entries()) {
      largest = Math.max(largest, Math.abs(value));
      const error = Math.abs(value - dense[place]!);
      const undefinedInOne = Object.is(value, dense[place]) ? 0 : Number.POSITIVE_INFINITY;
      largestError = Math.max(largestError, Number.isNaN(error) ? undefinedInOne : error);
    }
  }
  return { agrees: largestError <= TOLERANCE * largest, largestError };
}

function denseOf(tensor: Tensor, shape: readonly number[]): Float64Array {
  const dense = new Float64Array(shape.reduce((size, extent) => size * extent, 1));
  const { coordinates, values } = unpack(tensor);
  for (let entry = 0; entry < values.length; entry++) {
    let place = 0;
    for (let mode = 0; mode < shape.length; mode++) place = place * shape[mode]! + coordinates[mode]![entry]!;
    dense[place] = values[entry]!;
  }
  return dense;
}
