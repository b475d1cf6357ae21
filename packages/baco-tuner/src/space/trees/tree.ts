/**
 * One tree of a chain of trees: all feasible joint values of some parameters, counted without listing them.
 *
 * Leaves are ranked in lexicographic order of the values, in the order in which the parameters are decided.
 */
import type { Random } from "../../numeric/random.ts";

/** A point of a space: one coordinate per parameter (the index of a value; for a real the number itself). */
export type Point = Float64Array;

/** Feasible values of one or more parameters. All methods touch only the coordinates of `parameters`. */
export interface Tree {
  /** Indices of the parameters, in the order in which they are decided. */
  readonly parameters: readonly number[];
  /** How many feasible joint values there are; exact, at most 2^53. */
  readonly leaves: number;
  /** Writes the leaf with this rank into `point`. */
  leafAt(rank: number, point: Point): void;
  /** The rank of the leaf that `point` names, or -1 if it is not feasible. */
  rankOf(point: Point): number;
  /** Walks from the root to a leaf; each step takes a value with probability proportional to its weight. */
  descend(point: Point, random: Random, weights?: readonly (Float64Array | undefined)[]): void;
  /** Ascending values of the parameter at `level` that have a leaf, given the coordinates before it; null: all. */
  choices(point: Point, level: number): Int32Array | null;
  /** Moves the coordinates after `level`, each to the feasible value nearest to it, so that `point` is feasible. */
  repair(point: Point, level: number): void;
}

/** Picks an index with probability proportional to `weight(index)`; uniform where all weights are 0. */
export function pickWeighted(count: number, weight: (index: number) => number, random: Random): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += weight(i);
  if (!(total > 0)) return random.below(count);
  let rest = random.float() * total;
  for (let i = 0; i < count; i++) {
    rest -= weight(i);
    if (rest < 0) return i;
  }
  let last = count - 1;
  while (last > 0 && weight(last) === 0) last -= 1;
  return last;
}
