/**
 * The cut search: finds the tuple of coordinates before which a given amount of work lies, by rank queries alone.
 *
 * It descends variable by variable. At each it finds the coordinate whose subtree holds the target; operands that do not
 * store that coordinate are frozen, the others are searched further inside it. A point, all events of one key, is never
 * divided: a target inside it is rounded up. A target inside the visit of a coordinate is rounded down.
 *
 * Source: co-ranking, generalised from two sequences to trees of any number of operands; see ./work.ts.
 */
import type { Level } from "@millrace/tensor";
import { childRun, leafPositions, lowerBound, nodeAt } from "./rank.ts";
import { type Candidates, selectCoordinate } from "./select-coordinate.ts";
import { totalWork, visitsBelow, type WorkSpace } from "./work.ts";

/** Where one unit ends and the next begins. */
export interface Cut {
  /** Subtree of the space that is divided; 0 where there is one tree, the number of subtrees at the end. */
  readonly subtree: number;
  /**
   * Coordinates, outermost first: events of smaller keys lie before. A shorter tuple than there are variables lies before
   * everything that extends it. The end is the extent of the first variable.
   */
  readonly tuple: readonly number[];
  /** Exact work before the cut. */
  readonly work: number;
}

/** Counts what a search does, for tests and for `explain`. */
export interface SearchCost {
  rankQueries: number;
}

/** The cut before everything. */
export const firstCut: Cut = { subtree: 0, tuple: [0], work: 0 };

/** The cut after everything. */
export function lastCut(space: WorkSpace): Cut {
  return { subtree: space.subtrees?.count ?? 0, tuple: [endOf(space)], work: totalWork(space) };
}

function endOf({ subtrees, variables }: WorkSpace): number {
  return subtrees === undefined ? variables[0]!.size : 0;
}

/** A driver during a search: the node it stands at, and what its levels add up to. */
interface Live {
  readonly levels: readonly Level[];
  readonly weight: number;
  from: number;
  until: number;
}

/** The first cut with at least `target` work before it (at most `target`, where that lies inside a visit); 0 < target < total. */
export function findCut(space: WorkSpace, target: number, cost: SearchCost = { rankQueries: 0 }): Cut {
  const subtree = subtreeOf(space, target);
  let done = space.subtrees?.offsets[subtree] ?? 0;
  let live = rootNodes(space, subtree);
  const tuple: number[] = [];
  const last = space.variables.length - 1;
  for (let v = 0; v <= last; v++) {
    const { size, visitWeight } = space.variables[v]!;
    const inner = v < last && visitWeight > 0 ? visitsBelow(space, v) : 0;
    const perCoordinate = v < last && visitWeight > 0 ? visitWeight + inner : 0;
    const candidates = live.map((driver) => candidateOf(driver, v));
    const coordinate = selectCoordinate({ candidates, size, perCoordinate, remaining: target - done, cost });
    const ranks = live.map((driver, d) => rankAt(driver, candidates[d]!, coordinate, cost));
    let before = coordinate * perCoordinate;
    candidates.forEach(({ cumulative, run }, d) => {
      before += cumulative(ranks[d]!.first) - cumulative(run[0]);
    });
    done += before;
    const at = live.filter((_, d) => ranks[d]!.node !== undefined);
    if (v === last) {
      const point = live.reduce((sum, driver, d) => {
        const { node } = ranks[d]!;
        return node === undefined ? sum : sum + driver.weight * (node[1] - node[0]);
      }, 0);
      if (target <= done) tuple.push(coordinate);
      else tuple.push(coordinate + 1);
      return { subtree, tuple, work: target <= done ? done : done + point };
    }
    tuple.push(coordinate);
    if (target - done < visitWeight || (at.length === 0 && inner === 0)) return { subtree, tuple, work: done };
    done += visitWeight;
    live.forEach((driver, d) => {
      const { node } = ranks[d]!;
      if (node !== undefined) [driver.from, driver.until] = node;
    });
    live = at;
  }
  return { subtree, tuple, work: done };
}

/** Work of all events before a tuple. */
export function workBefore(space: WorkSpace, cut: Pick<Cut, "subtree" | "tuple">): number {
  const { subtrees, variables } = space;
  if (subtrees !== undefined && cut.subtree >= subtrees.count) return subtrees.offsets[subtrees.count]!;
  let work = subtrees?.offsets[cut.subtree] ?? 0;
  let live = rootNodes(space, cut.subtree);
  const last = variables.length - 1;
  for (let v = 0; v < cut.tuple.length; v++) {
    const { size, visitWeight } = variables[v]!;
    const coordinate = Math.min(cut.tuple[v]!, size);
    if (v < last && visitWeight > 0) work += coordinate * (visitWeight + visitsBelow(space, v));
    const next: Live[] = [];
    for (const driver of live) {
      const candidates = candidateOf(driver, v);
      const { first, node } = rankAt(driver, candidates, coordinate, { rankQueries: 0 });
      work += candidates.cumulative(first) - candidates.cumulative(candidates.run[0]);
      if (node !== undefined && coordinate < size) {
        [driver.from, driver.until] = node;
        next.push(driver);
      }
    }
    if (coordinate >= size) return work;
    if (v < cut.tuple.length - 1 && v < last) work += visitWeight;
    live = next;
  }
  return work;
}

function subtreeOf({ subtrees }: WorkSpace, target: number): number {
  if (subtrees === undefined) return 0;
  let low = 0;
  let high = subtrees.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (subtrees.offsets[middle]! <= target) low = middle;
    else high = middle - 1;
  }
  return low;
}

function rootNodes({ drivers, subtrees }: WorkSpace, subtree: number): Live[] {
  const live: Live[] = [];
  drivers.forEach(({ levels, weight }, d) => {
    const from = subtrees === undefined ? 0 : subtrees.positions[d]![subtree]!;
    if (from >= 0) live.push({ levels, weight, from, until: from + 1 });
  });
  return live;
}

function candidateOf({ levels, weight, from, until }: Live, v: number): Candidates {
  const level = levels[v]!;
  const cumulative = (position: number): number => weight * leafPositions(levels, v, position);
  return { level, parent: from, weight, run: childRun(level, from, until), cumulative, leaf: v === levels.length - 1 };
}

interface Rank {
  readonly first: number;
  readonly node: [number, number] | undefined;
}

function rankAt(driver: Live, { level, run }: Candidates, coordinate: number, cost: SearchCost): Rank {
  cost.rankQueries += 1;
  const first = lowerBound(level, driver.from, run, coordinate);
  return { first, node: nodeAt(level, driver.from, run, { first, coordinate }) };
}
