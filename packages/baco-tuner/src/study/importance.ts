/** Which parameters matter: how much of the variation of a fitted model each explains by itself. */
import { Random } from "../numeric/random.ts";
import { FeatureMap } from "../space/features.ts";
import type { Point } from "../space/trees/tree.ts";
import { Forest } from "../surrogate/forest.ts";
import { scaled, scalingOf } from "../surrogate/scaling.ts";
import type { Study } from "./study.ts";

const fewest = 8;
const drawn = 2000;
const bins = 8;

/** The importance of a parameter. */
export interface Importance {
  readonly parameter: string;
  /** From 0 to 1: the variance of the mean over its values, over the whole variance. */
  readonly share: number;
}

/** What importances are found from: a study, or as much of one as trials of any origin have. */
export type StudiedTrials = Pick<Study, "space" | "settings" | "trials" | "seed">;

/**
 * Fits a random forest to the feasible trials and asks it for random valid points. Most important first; empty while
 * fewer than eight trials are feasible. Of several objectives it is about number `objective`, the first unless given.
 */
export function importanceOf({ space, settings, trials, seed }: StudiedTrials, objective = 0): Importance[] {
  const told = trials.flatMap(({ config, outcome }) => {
    if (!outcome?.ok) return [];
    const point = space.locate(config);
    return point instanceof Float64Array ? [{ point, value: outcome.objectives?.[objective] ?? outcome.value }] : [];
  });
  if (told.length < fewest) return [];
  const random = new Random(seed, "importance");
  const features = new FeatureMap(space.parameters, settings.normalizeInputs);
  const scaling = scalingOf(
    told.map(({ value }) => value),
    { logarithmic: settings.logObjective, ceiling: null },
  );
  const forest = new Forest(
    {
      rows: features.rows(told.map(({ point }) => point)),
      values: Float64Array.from(told, ({ value }) => scaled(scaling, value)),
      weights: new Float64Array(told.length).fill(1),
      width: features.width,
    },
    random,
    { trees: 100, columns: 0.7, bootstrap: true, randomCuts: true },
  );
  const points = Array.from({ length: drawn }, () => space.draw(random));
  const rows = features.rows(points);
  const predicted = points.map((_, i) => forest.meanAt(rows, i * features.width));
  const shares = space.parameters.map(({ name }, p) => ({ parameter: name, share: mainEffect(points, p, predicted) }));
  return shares.sort((a, b) => b.share - a.share);
}

/** The variance between the means of groups of one parameter's values, over the variance of all. */
function mainEffect(points: readonly Point[], p: number, predicted: readonly number[]): number {
  const order = [...points.keys()].sort((a, b) => points[a]![p]! - points[b]![p]! || a - b);
  const distinct = new Set(points.map((point) => point[p]!)).size;
  const groups = new Map<number, { sum: number; count: number }>();
  for (const [rank, index] of order.entries()) {
    // Many values, or a real: groups of equal size instead of one for each value.
    const key = distinct > 16 * bins ? Math.floor((rank * bins) / order.length) : points[index]![p]!;
    const group = groups.get(key) ?? { sum: 0, count: 0 };
    group.sum += predicted[index]!;
    group.count += 1;
    groups.set(key, group);
  }
  const mean = predicted.reduce((sum, value) => sum + value, 0) / predicted.length;
  const whole = predicted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  let between = 0;
  for (const { sum, count } of groups.values()) between += count * (sum / count - mean) ** 2;
  return whole > 1e-12 ? between / whole : 0;
}
