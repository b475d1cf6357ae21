/** Checks of results against a reference that shares nothing with the simulator. */
import {
  type Assignment,
  type CoordinateList,
  type DenseArray,
  type DifferenceFacts,
  differenceOf,
  evaluateDense,
  evaluateSparse,
  inferExtents,
  nonzerosOf,
  spread,
  type Tensor,
  unpack,
} from "@millrace/tensor";
import type { JsonValue } from "../terminal/json.ts";
import { formatCount } from "../terminal/quantity.ts";

/** Sums of doubles in another order differ by far less. */
export const tolerance = 1e-9;

/** Index spaces with more points than this are evaluated entry by entry instead of point by point. */
const DENSE_POINTS = 2 ** 22;

/** What a check against a reference found. */
export interface CheckedResult extends DifferenceFacts {
  /** Which evaluator gave the reference: every point of the index space, or joined entries where there are too many. */
  readonly reference: "dense" | "sparse";
}

/** The value of an assignment, from an evaluator that shares nothing with the simulator. */
export interface ReferenceValue {
  readonly list: CoordinateList;
  readonly evaluator: "dense" | "sparse";
}

/** Evaluates an assignment for comparison. */
export function referenceValue(
  assignment: Assignment,
  operands: Readonly<Record<string, CoordinateList>>,
): ReferenceValue {
  const shapes = Object.fromEntries(Object.entries(operands).map(([name, { shape }]) => [name, shape]));
  const points = [...inferExtents(assignment, shapes).values()].reduce((product, extent) => product * extent, 1);
  if (points > DENSE_POINTS) return { list: evaluateSparse(assignment, operands), evaluator: "sparse" };
  const dense = evaluateDense(assignment, denseOperands(operands));
  return { list: nonzerosOf({ ...dense, valueType: "float64" }), evaluator: "dense" };
}

/** Compares every value of a result with the reference. */
export function checkResult(result: Tensor, reference: ReferenceValue): CheckedResult {
  return { ...differenceOf(unpack(result), reference.list, tolerance), reference: reference.evaluator };
}

/** A check as a member of the JSON document. */
export function checkToJson({ reference, compared, differing, largestError, differences }: CheckedResult): JsonValue {
  return { reference, compared, differing, largestError, differences: differences as unknown as JsonValue };
}

/** A check in one line, or with the first differences below it. */
export function checkToText(name: string, check: CheckedResult): string {
  const { reference, compared, differing, largestError, differences } = check;
  const against = `the ${reference} reference`;
  if (differing === 0) {
    const error = largestError === 0 ? "exactly" : `largest error ${largestError.toExponential(1)}`;
    return `check     ${name} equals ${against} in all ${formatCount(compared)} places, ${error}\n`;
  }
  const lines = differences.map(
    ({ coordinates, found, expected }) => `  ${name}(${coordinates.join(",")}) is ${found}, expected ${expected}`,
  );
  const rest = differing > differences.length ? [`  and ${formatCount(differing - differences.length)} more`] : [];
  return [
    `check     ${name} differs from ${against} in ${formatCount(differing)} of ${formatCount(compared)} places:`,
    ...lines,
    ...rest,
    "",
  ].join("\n");
}

function denseOperands(operands: Readonly<Record<string, CoordinateList>>): Record<string, DenseArray> {
  return Object.fromEntries(
    Object.entries(operands).map(([name, list]) => {
      const { shape, values } = spread(list);
      return [name, { shape, values: Float64Array.from(values) }];
    }),
  );
}
