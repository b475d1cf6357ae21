/** The plan of one phase: its cuts, and what is promised about them. */
import { PartitionError } from "../errors.ts";
import { type Cut, findCut, firstCut, lastCut, type SearchCost } from "./cut.ts";
import { type ComparisonStrategy, comparisonCuts } from "./strategies.ts";
import { treeSearch } from "./tree-search.ts";
import { checkSpace, pointWeight, totalWork, type WorkSpace } from "./work.ts";

/** How work is divided: `balanced` is the cut search, the others are for comparison. */
export type Strategy = "balanced" | ComparisonStrategy;

/** How a space is to be divided. */
export interface PartitionOptions {
  /** Number of units, at least 1; may exceed the work. */
  readonly units: number;
  /** `balanced` unless given. */
  readonly strategy?: Strategy;
}

/** Units of work: unit u owns the events from `cuts[u]` up to `cuts[u + 1]`. */
export interface PartitionPlan {
  readonly space: WorkSpace;
  readonly strategy: Strategy;
  /** Total work of all events. */
  readonly work: number;
  readonly units: number;
  /** One more than units, rising; the first lies before everything, the last after. */
  readonly cuts: readonly Cut[];
  /**
   * No unit has more work: ceil(work / units) + the largest point - 1, and where visits weigh more than 1, that much more.
   * For the comparison strategies the largest work of a unit, as nothing is promised.
   */
  readonly bound: number;
  /** What the search cost. */
  readonly cost: SearchCost;
}

/** Most units of one plan. */
export const maximumUnits: number = 2 ** 22;

/**
 * Divides a space of work into units.
 *
 * @throws {PartitionError} `units-invalid`, `weight-invalid`, `driver-mismatch`, `driver-unordered`, `work-too-large`
 *
 * @example
 * ```ts
 * const driver = (name, list) => ({
 *   name,
 *   weight: 1,
 *   levels: [
 *     { kind: "compressed", size: 9, positions: Int32Array.of(0, list.length), coordinates: Int32Array.from(list) },
 *   ],
 * });
 * const space = {
 *   variables: [{ name: "i", size: 9, visitWeight: 0 }],
 *   drivers: [driver("a", [0, 2, 4, 6, 8]), driver("b", [1, 2, 3, 4, 5, 6])],
 * };
 * partition(space, { units: 4 }).cuts.map(({ work }) => work); // => [0, 2, 5, 8, 11]
 * ```
 */
export function partition(space: WorkSpace, options: PartitionOptions): PartitionPlan {
  const { units, strategy = "balanced" } = options;
  if (!Number.isInteger(units) || units < 1 || units > maximumUnits)
    throw new PartitionError("units-invalid", `${units} units; expected an integer from 1 to ${maximumUnits}`);
  checkSpace(space);
  const work = totalWork(space);
  const cost: SearchCost = { rankQueries: 0 };
  if (strategy !== "balanced") {
    const cuts = [firstCut, ...comparisonCuts(space, units, strategy), lastCut(space)];
    const bound = cuts.reduce((most, cut, u) => Math.max(most, u === 0 ? 0 : cut.work - cuts[u - 1]!.work), 0);
    return { space, strategy, work, units, cuts, bound, cost };
  }
  const cuts: Cut[] = [firstCut];
  const find = treeSearch(space, cost) ?? ((target: number) => findCut(space, target, cost));
  for (let u = 1; u < units; u++) {
    const target = cutTarget(work, units, u);
    cuts.push(target === 0 ? firstCut : target === work ? lastCut(space) : find(target));
  }
  cuts.push(lastCut(space));
  return { space, strategy, work, units, cuts, bound: balanceBound(space, work, units), cost };
}

/** Work that should lie before cut `u` of `units`: floor(u * work / units), without passing 2^53 on the way. */
export function cutTarget(work: number, units: number, u: number): number {
  return u * Math.floor(work / units) + Math.floor((u * (work % units)) / units);
}

/** Most work of one unit of a balanced plan. */
function balanceBound(space: WorkSpace, work: number, units: number): number {
  if (units === 1) return work;
  const visit = space.variables.slice(0, -1).reduce((most, { visitWeight }) => Math.max(most, visitWeight), 0);
  return Math.min(work, Math.ceil(work / units) + pointWeight(space) - 1 + Math.max(0, visit - 1));
}

/** Work of each unit. */
export function unitWork({ cuts }: PartitionPlan): number[] {
  return cuts.slice(1).map(({ work }, u) => work - cuts[u]!.work);
}
