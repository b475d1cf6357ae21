/** Expected improvement below the best value of a noiseless observation, and its logarithm without underflow. */
import { normalCumulative, normalDensity } from "../numeric/normal.ts";

/** What is known about a point: the mean and the standard deviation of its value. */
export interface Belief {
  readonly mean: number;
  readonly deviation: number;
}

/** How much below `best` - `exploration` the value will lie, on average, counting 0 where it lies above. */
export function expectedImprovement({ mean, deviation }: Belief, best: number, exploration = 1e-4): number {
  const gain = best - mean - exploration;
  const v = gain / deviation;
  return Math.max(0, gain * normalCumulative(v) + deviation * normalDensity(v));
}

/** The logarithm of the expected improvement, finite for every belief with a deviation above 0. */
export function logExpectedImprovement({ mean, deviation }: Belief, best: number, exploration = 1e-4): number {
  const v = (best - mean - exploration) / deviation;
  if (v > -6) return Math.log(deviation * (v * normalCumulative(v) + normalDensity(v)));
  // phi(v) / v^2 (1 - 3 / v^2 + 15 / v^4 - ...), summed while its terms shrink.
  const square = v * v;
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 40; k++) {
    const next = (-term * (2 * k + 1)) / square;
    if (Math.abs(next) >= Math.abs(term) || Math.abs(next) < 1e-17) break;
    term = next;
    sum += term;
  }
  return Math.log(deviation) - 0.5 * square - 0.5 * Math.log(2 * Math.PI) - Math.log(square) + Math.log(sum);
}
