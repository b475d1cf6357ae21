/**
 * Expected improvement of the hypervolume of two objectives.
 *
 * What a point (y, z) adds below a front of points (a_k, b_k), a ascending, is a sum over strips between neighbouring a:
 * [(a_k+1 - y)+ - (a_k - y)+] (b_k - z)+. Objectives are modelled apart, so the expectation of each term is a product of
 * expected improvements. The strip left of the front is as high as the reference, the last one ends at it.
 */
import type { Surrogate } from "../surrogate/surrogate.ts";
import { type Acquisition, type FeasibilityBound, worthless } from "./acquisition.ts";
import { type Belief, logExpectedImprovement } from "./expected-improvement.ts";

/** Points of two objectives that no other beats, the first ascending, and a point that is worse than all of them. */
export interface Front {
  readonly points: readonly (readonly number[])[];
  readonly reference: readonly number[];
}

/** The logarithm of the expected improvement of the hypervolume by a point with independent objectives. */
export function logHypervolumeImprovement(first: Belief, second: Belief, { points, reference }: Front): number {
  let sum = Number.NEGATIVE_INFINITY;
  let before = Number.NEGATIVE_INFINITY;
  for (let k = 0; k <= points.length; k++) {
    const end = points[k]?.[0] ?? reference[0]!;
    const height = k === 0 ? reference[1]! : points[k - 1]![1]!;
    const upTo = logExpectedImprovement(first, end, 0);
    const width = upTo + Math.log1p(-Math.min(1, Math.exp(before - upTo)));
    sum = logSum(sum, width + logExpectedImprovement(second, height, 0));
    before = upTo;
  }
  return sum;
}

/** Expected improvement of the hypervolume times probability of feasibility. */
export function hypervolumeImprovement(
  [first, second]: readonly [Surrogate, Surrogate],
  front: Front,
  { feasibility, threshold }: FeasibilityBound,
): Acquisition {
  return (row) => {
    const feasible = feasibility.probability(row, 0);
    if (feasible < threshold || feasible <= 0) return worthless(feasible);
    const [one, two] = [beliefOf(first, row), beliefOf(second, row)];
    return { worth: logHypervolumeImprovement(one, two, front) + Math.log(feasible), feasible, ...one };
  };
}

function beliefOf(surrogate: Surrogate, row: Float64Array): Belief {
  const mean = surrogate.meanAt(row, 0);
  return { mean, deviation: Math.sqrt(surrogate.varianceThere()) };
}

/** log(exp a + exp b) without overflow. */
function logSum(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}
