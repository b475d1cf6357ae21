/**
 * The valid points near a valid point.
 *
 * - ordinal, integer: the three nearest values on each side with which the rest of the point stays valid;
 * - categorical: every other such value; permutation: every other such order up to five elements, beyond that the
 *   swaps of two elements and the moves of one;
 * - repaired: a near value with which the rest would not be valid, the parameters decided later moved to their
 *   nearest feasible values;
 * - real: six normal steps of a tenth of the (transformed) range.
 */
import type { Random } from "../numeric/random.ts";
import { type Parameter, valueCount } from "./parameter.ts";
import { rankPermutation, unrankPermutation } from "./permutation.ts";
import type { Space } from "./space.ts";
import type { Point, Tree } from "./trees/tree.ts";

const reach = 3;
const realSteps = 6;

/** What besides single changes counts as a neighbour. */
export interface NeighbourOptions {
  /** Whether changes that need others to change along are made; true if left out. */
  readonly repair?: boolean;
  /** Where steps of reals come from; without it reals stay. */
  readonly random?: Random;
}

/** The neighbours of a valid point: valid, distinct, without the point, always in the same order. */
export function neighboursOf(space: Space, point: Point, options: NeighbourOptions = {}): Point[] {
  const found = new Map<number | string, Point>();
  const self = space.keyOf(point);
  const add = (candidate: Point) => {
    const key = space.keyOf(candidate);
    if (key !== self && !found.has(key) && space.contains(candidate)) found.set(key, candidate);
  };
  for (const tree of space.trees) {
    tree.parameters.forEach((p, level) => {
      const move = { tree, level, parameter: space.parameters[p]!, p };
      for (const each of changes(move, point, options.repair ?? true)) add(each);
    });
  }
  space.parameters.forEach((parameter, p) => {
    if (parameter.kind === "real" && options.random)
      for (const each of realMoves(parameter, p, { point, random: options.random })) add(each);
  });
  return [...found.values()];
}

interface Move {
  readonly tree: Tree;
  readonly level: number;
  readonly parameter: Parameter;
  readonly p: number;
}

function changes({ tree, level, parameter, p }: Move, point: Point, repair: boolean): Point[] {
  const single: Point[] = [];
  const repaired: Point[] = [];
  const choices = tree.choices(point, level);
  const consider = (value: number): boolean => {
    const candidate = point.slice();
    candidate[p] = value;
    if (tree.rankOf(candidate) >= 0) return single.push(candidate) > 0;
    if (repair && choices?.includes(value)) {
      tree.repair(candidate, level);
      repaired.push(candidate);
    }
    return false;
  };
  if (parameter.kind === "permutation" && parameter.size > 5) {
    for (const rank of nearOrders(parameter.size, point[p]!)) consider(rank);
    return [...single, ...repaired];
  }
  const count = choices?.length ?? valueCount(parameter);
  const all = parameter.kind === "permutation" || parameter.kind === "categorical";
  const at = choices === null ? point[p]! : choices.indexOf(point[p]!);
  for (const step of [-1, 1]) {
    let left = all ? count : reach;
    const before = repaired.length;
    for (let i = at + step; i >= 0 && i < count && left > 0; i += step) {
      if (consider(choices === null ? i : choices[i]!)) left -= 1;
    }
    if (!all) repaired.length = Math.min(repaired.length, before + reach);
  }
  return [...single, ...repaired];
}

function nearOrders(size: number, rank: number): Set<number> {
  const order = new Array<number>(size).fill(0);
  unrankPermutation(rank, order);
  const ranks = new Set<number>();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      if (i === k) continue;
      const moved = order.toSpliced(i, 1).toSpliced(k, 0, order[i]!);
      const swapped = order.with(i, order[k]!).with(k, order[i]!);
      ranks.add(rankPermutation(moved)!).add(rankPermutation(swapped)!);
    }
  }
  ranks.delete(rank);
  return ranks;
}

function realMoves(
  parameter: Parameter & { readonly kind: "real" },
  p: number,
  { point, random }: { readonly point: Point; readonly random: Random },
): Point[] {
  const { minimum, maximum, transform } = parameter;
  const moved: Point[] = [];
  for (let i = 0; i < realSteps; i++) {
    const step = 0.1 * random.normal();
    const value =
      transform === "log" ? point[p]! * (maximum / minimum) ** step : point[p]! + (maximum - minimum) * step;
    const candidate = point.slice();
    candidate[p] = Math.min(Math.max(value, minimum), maximum);
    moved.push(candidate);
  }
  return moved;
}
