/** What a suggestion is worth: log of expected improvement times probability of feasibility. */
import type { FeasibilityModel } from "../surrogate/feasibility.ts";
import type { Forest } from "../surrogate/forest.ts";
import type { GaussianProcess } from "../surrogate/gaussian-process.ts";
import { type Belief, logExpectedImprovement } from "./expected-improvement.ts";

/** What an acquisition is made of. */
export interface AcquisitionParts {
  readonly surrogate: GaussianProcess | Forest;
  readonly feasibility: FeasibilityModel;
  /** The best feasible value, as it is modelled. */
  readonly best: number;
  readonly exploration: number;
  /** Points with a smaller probability of feasibility are worth nothing. */
  readonly threshold: number;
  /** Added to the variance: the noise, where predictions are of noisy values. */
  readonly noise: number;
}

/** The value of an acquisition at a point, and what it came from. */
export interface Appraisal extends Belief {
  /** Log of expected improvement times probability; -Infinity below the threshold. */
  readonly worth: number;
  readonly feasible: number;
}

/** Appraises the row that starts at `offset`; those that cannot rise above `floor` may get -Infinity. */
export function appraise(parts: AcquisitionParts, rows: Float64Array, offset: number, floor: number): Appraisal {
  const { surrogate, feasibility, best, exploration, threshold, noise } = parts;
  const feasible = feasibility.probability(rows, offset);
  const none = Number.NEGATIVE_INFINITY;
  if (feasible < threshold || feasible <= 0) return { worth: none, feasible, mean: 0, deviation: 1 };
  const mean = surrogate.meanAt(rows, offset);
  let variance: number;
  if ("varianceThere" in surrogate) {
    // No deviation is above that of the prior, so what is hopeless with that one need not be solved for.
    const most = { mean, deviation: Math.sqrt(surrogate.variance + noise) };
    if (logExpectedImprovement(most, best, exploration) + Math.log(feasible) <= floor) {
      return { worth: none, feasible, ...most };
    }
    variance = surrogate.varianceThere();
  } else variance = surrogate.predict(rows, offset).variance;
  const deviation = Math.sqrt(variance + noise);
  const worth = logExpectedImprovement({ mean, deviation }, best, exploration) + Math.log(feasible);
  return { worth, feasible, mean, deviation };
}
