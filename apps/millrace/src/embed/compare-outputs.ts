/** Compares the outputs of a model with recorded ones. */
import type { ModelTensor } from "@millrace/model-import";

/** How far outputs are from what they should be. */
export interface OutputCheck {
  readonly against: "recorded outputs" | "reference evaluator";
  readonly compared: number;
  readonly differing: number;
  readonly largestError: number;
}

/** Values differ that are further apart than this, absolutely and relatively; NaN equals NaN. Halves have fewer bits. */
const tolerances: Readonly<Record<string, number>> = { f16: 2 ** -10, bf16: 2 ** -7 };
const tolerance = 1e-6;

/** Compares tensors in order; a missing or differently shaped one differs in every element. */
export function compareOutputs(
  outputs: readonly ModelTensor[],
  expected: readonly ModelTensor[],
  against: OutputCheck["against"],
): OutputCheck {
  let [compared, differing, largestError] = [0, 0, 0];
  for (const [place, { values, dtype }] of expected.entries()) {
    const within = tolerances[dtype] ?? tolerance;
    const given = outputs[place];
    for (const [at, value] of values.entries()) {
      const other = given?.values.length === values.length ? given.values[at]! : undefined;
      compared += 1;
      const error = other === undefined ? Number.POSITIVE_INFINITY : distance(value, other);
      if (error > within * Math.max(1, Math.abs(value))) differing += 1;
      if (Number.isFinite(error)) largestError = Math.max(largestError, error);
    }
  }
  return { against, compared, differing, largestError };
}

function distance(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const error = Math.abs(a - b);
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}
