/** How probable it is that a configuration works, learned from those that did and did not. */
import type { Random } from "../numeric/random.ts";
import { Forest } from "./forest.ts";

/** Outcomes at points: `rows` is [feasible.length, width]. */
export interface Outcomes {
  readonly rows: Float64Array;
  readonly feasible: readonly boolean[];
  readonly width: number;
}

const feasibleWeight = 0.8;
const steps = 10;

/** A random forest on outcomes; the probability is 1 everywhere until something failed. */
export class FeasibilityModel {
  readonly #forest: Forest | undefined;

  constructor({ rows, feasible, width }: Outcomes, random: Random) {
    if (feasible.every((each) => each) || width === 0) return;
    const values = Float64Array.from(feasible, (each) => (each ? 1 : 0));
    const weights = values.map((each) => (each === 1 ? feasibleWeight : 1 - feasibleWeight));
    const options = { trees: 50, columns: 0.75, bootstrap: false, randomCuts: false };
    this.#forest = new Forest({ rows, values, weights, width }, random, options);
  }

  /** The probability at the row that starts at `offset`. */
  probability(rows: Float64Array, offset: number): number {
    return this.#forest?.meanAt(rows, offset) ?? 1;
  }
}

/** The least probability a suggestion must have: one of eleven even steps from 0 to `threshold`. */
export function drawThreshold(threshold: number, random: Random): number {
  return (threshold * random.below(steps + 1)) / steps;
}
