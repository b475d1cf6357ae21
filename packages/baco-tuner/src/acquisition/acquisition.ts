/** What a suggestion is worth: log of expected improvement times probability of feasibility. */
import type { Point } from "../space/trees/tree.ts";
import type { FeasibilityModel } from "../surrogate/feasibility.ts";
import type { Surrogate } from "../surrogate/surrogate.ts";
import { type Belief, logExpectedImprovement } from "./expected-improvement.ts";

/** The value of an acquisition at a point, and what it came from. */
export interface Appraisal extends Belief {
  /** Log of expected improvement times probability; -Infinity below the threshold. */
  readonly worth: number;
  readonly feasible: number;
}

/** Appraises a point and its row; points that cannot rise above `floor` may get -Infinity. */
export type Acquisition = (row: Float64Array, floor: number, point: Point) => Appraisal;

/** How probable a point must be to work. */
export interface FeasibilityBound {
  readonly feasibility: FeasibilityModel;
  /** Points with a smaller probability of feasibility are worth nothing. */
  readonly threshold: number;
}

/** What expected improvement is made of. */
export interface ImprovementParts extends FeasibilityBound {
  readonly surrogate: Surrogate;
  /** The best feasible value, as it is modelled. */
  readonly best: number;
  readonly exploration: number;
  /** Added to the variance: the noise, where predictions are of noisy values. */
  readonly noise: number;
}

/** A point that is not feasible enough. */
export function worthless(feasible: number): Appraisal {
  return { worth: Number.NEGATIVE_INFINITY, feasible, mean: 0, deviation: 1 };
}

/** Expected improvement over the best value. */
export function improvement(parts: ImprovementParts): Acquisition {
  const { surrogate, feasibility, best, exploration, threshold, noise } = parts;
  const deviationOf = (variance: number) => Math.sqrt(variance + noise);
  return (row, floor) => {
    const feasible = feasibility.probability(row, 0);
    if (feasible < threshold || feasible <= 0) return worthless(feasible);
    const mean = surrogate.meanAt(row, 0);
    const worthWith = (variance: number) =>
      logExpectedImprovement({ mean, deviation: deviationOf(variance) }, best, exploration) + Math.log(feasible);
    // A smaller variance is worth less, so what is hopeless with the largest it can be need not be solved for.
    const hopeless = (most: number) => worthWith(most) <= floor;
    if (hopeless(surrogate.variance)) return { ...worthless(feasible), mean };
    const variance = surrogate.varianceThere(hopeless);
    const worth = worthWith(variance);
    return worth <= floor
      ? { ...worthless(feasible), mean }
      : { worth, feasible, mean, deviation: deviationOf(variance) };
  };
}
