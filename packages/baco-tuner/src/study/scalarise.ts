/**
 * Several objectives as one, in another direction for each suggestion: the augmented Tchebyshev norm of the scaled
 * objectives under weights drawn evenly from all that add up to 1.
 */
import type { Random } from "../numeric/random.ts";
import { scaled, scalingOf } from "../surrogate/scaling.ts";

const rho = 0.05;

/** One value for each point; `points` are [points, objectives], all feasible. */
export function scalarise(
  points: readonly (readonly number[])[],
  random: Random,
  logarithmic: boolean | null,
): number[] {
  const count = points[0]!.length;
  const draws = Array.from({ length: count }, () => -Math.log(1 - random.float()));
  const total = draws.reduce((sum, each) => sum + each, 0);
  const columns = draws.map((_, i) =>
    unitScaled(
      points.map((point) => point[i]!),
      logarithmic,
    ),
  );
  return points.map((_, at) => {
    const parts = columns.map((column, i) => (draws[i]! / total) * column[at]!);
    return Math.max(...parts) + rho * parts.reduce((sum, each) => sum + each, 0);
  });
}

/** Values from 0 (least seen) to 1 (most), by their logarithm where that is modelled. */
function unitScaled(values: readonly number[], logarithmic: boolean | null): number[] {
  const scaling = scalingOf(values, { logarithmic, ceiling: null });
  const modelled = values.map((value) => scaled(scaling, value));
  const least = Math.min(...modelled);
  const range = Math.max(...modelled) - least;
  return modelled.map((value) => (range > 0 ? (value - least) / range : 0));
}
