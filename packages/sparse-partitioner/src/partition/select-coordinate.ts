/** One step of the cut search: the coordinate of one variable in whose subtree the target lies. */
import type { Level } from "@millrace/tensor";
import type { SearchCost } from "./cut.ts";
import { selectAmongMany } from "./cut-many.ts";
import { selectBetweenTwo } from "./cut-two.ts";
import { lowerBound } from "./rank.ts";

/** The positions of one driver that may lie around the cut. */
export interface Candidates {
  readonly level: Level;
  readonly parent: number;
  readonly weight: number;
  readonly run: readonly [number, number];
  /** Work of the positions before one, up to a constant. */
  readonly cumulative: (position: number) => number;
  /** Whether a position of this level is one event. */
  readonly leaf: boolean;
}

/** What is asked. */
export interface Selection {
  readonly candidates: readonly Candidates[];
  readonly size: number;
  /** Work of visiting a coordinate and everything dense below it. */
  readonly perCoordinate: number;
  readonly remaining: number;
  readonly cost: SearchCost;
}

/** From so many drivers on, positions are searched instead of coordinates. */
export const manyDrivers = 16;

/** The largest coordinate before which no more than `remaining` work lies. */
export function selectCoordinate(selection: Selection): number {
  const { candidates, perCoordinate } = selection;
  const listed = perCoordinate === 0 && candidates.every(({ level, leaf }) => leaf && level.kind === "compressed");
  const nonempty = candidates.filter(({ run }) => run[1] > run[0]);
  if (listed && nonempty.length === 1) return atPosition(selection, nonempty[0]!);
  if (listed && nonempty.length === 2 && nonempty.every(({ weight }) => weight === 1))
    return selectBetweenTwo(selection, nonempty[0]!, nonempty[1]!);
  if (listed && nonempty.length >= manyDrivers) return selectAmongMany({ ...selection, candidates: nonempty });
  return bisect(selection);
}

function atPosition({ size, remaining }: Selection, { level, run, weight }: Candidates): number {
  const position = run[0] + Math.floor(remaining / weight);
  return position < run[1] && level.kind === "compressed" ? level.coordinates[position]! : size - 1;
}

/** Bisection over coordinates; the windows of the drivers shrink with it. */
export function bisect({ candidates, size, perCoordinate, remaining, cost }: Selection): number {
  const windows = candidates.map(({ run }): [number, number] => [run[0], run[1]]);
  const origins = candidates.map(({ cumulative, run }) => cumulative(run[0]));
  const ranks = new Array<number>(candidates.length);
  let low = 0;
  let high = size - 1;
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    let work = middle * perCoordinate;
    for (let d = 0; d < candidates.length; d++) {
      const { level, parent, cumulative } = candidates[d]!;
      cost.rankQueries += 1;
      ranks[d] = lowerBound(level, parent, windows[d]!, middle);
      work += cumulative(ranks[d]!) - origins[d]!;
    }
    const side = work <= remaining ? 0 : 1;
    if (side === 0) low = middle;
    else high = middle - 1;
    for (let d = 0; d < candidates.length; d++) windows[d]![side] = ranks[d]!;
  }
  return low;
}
