/**
 * When to stop repeating a measurement.
 *
 * Source: Golovin et al., "Google Vizier: A Service for Black-Box Optimization", KDD 2017, the median stopping
 * rule: a trial ends early whose best value so far is worse than the median of the running means that finished trials had
 * at the same step.
 */

const fewestFinished = 5;

/**
 * Whether a configuration is out of the race: its values so far, less being better, against those of configurations that
 * are finished. Never while fewer than five have come as far.
 *
 * @example
 * ```ts
 * const finished = [[5, 5], [6, 6], [4, 4], [7, 7], [5, 6]];
 * [isOutOfRace([9], finished), isOutOfRace([5], finished), isOutOfRace([9, 5], finished)]; // => [true, false, false]
 * ```
 */
export function isOutOfRace(values: readonly number[], finished: readonly (readonly number[])[]): boolean {
  const step = values.length;
  const means = finished
    .filter((each) => each.length >= step)
    .map((each) => each.slice(0, step).reduce((sum, value) => sum + value, 0) / step)
    .sort((a, b) => a - b);
  if (step === 0 || means.length < fewestFinished) return false;
  const middle = means.length >> 1;
  const median = means.length % 2 === 1 ? means[middle]! : (means[middle - 1]! + means[middle]!) / 2;
  return Math.min(...values) > median;
}
