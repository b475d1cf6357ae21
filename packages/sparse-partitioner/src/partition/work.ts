/**
 * Work as weighted events.
 *
 * An *event* is one stored position of a driver at the last variable of the space, plus, where a visit weight is set, one
 * visit of each coordinate of a leading dense variable. The key of an event is its tuple of coordinates; keys are ordered
 * lexicographically, a prefix before its extensions. A partition is a list of tuples: a unit owns the keys between two.
 *
 * Source: Chougule et al., "Partitioning Unstructured Sparse Tensor Algebra for Load-Balanced Parallel Execution", arXiv
 * 2604.17198 (its abstract), and the authors' published program. Visits are our addition, after merge-based SpMV.
 */
import type { Level } from "@millrace/tensor";
import { PartitionError } from "../errors.ts";
import { leafPositions } from "./rank.ts";

/** One variable of a space, in loop order. */
export interface WorkVariable {
  readonly name: string;
  /** Number of coordinates. */
  readonly size: number;
  /** Work of visiting one coordinate; may be above 0 only while every driver's level is dense from the first variable on. */
  readonly visitWeight: number;
}

/** A tensor whose stored positions are the work: one level for each variable of the space, outermost first. */
export interface Driver {
  readonly name: string;
  readonly levels: readonly Level[];
  /** Work of one position of the last level; 1 unless the bodies of drivers differ. */
  readonly weight: number;
}

/**
 * Subtrees to divide instead of one whole tree: those that survived an intersection further out. Subtree z has work
 * `offsets[z + 1] - offsets[z]`; `positions[d][z]` is the parent position of driver d's first level in it, -1 where d has none.
 */
export interface Subtrees {
  readonly count: number;
  readonly offsets: Float64Array;
  readonly positions: readonly Int32Array[];
}

/** What is divided: the events of some drivers over the same variables. */
export interface WorkSpace {
  readonly variables: readonly WorkVariable[];
  readonly drivers: readonly Driver[];
  readonly subtrees?: Subtrees;
}

/** Total work of a space, an exact integer. @throws {PartitionError} `work-too-large` from 2^53 on */
export function totalWork(space: WorkSpace): number {
  const { subtrees, drivers } = space;
  if (subtrees !== undefined) return checkedWork(subtrees.offsets[subtrees.count]!);
  let work = visitsBelow(space, -1);
  for (const driver of drivers) work += driver.weight * leafPositions(driver.levels, -1, 1);
  return checkedWork(work);
}

/** Work of all visits below one coordinate of variable `v` (below the root for -1). */
export function visitsBelow(space: WorkSpace, v: number): number {
  let work = 0;
  let visits = 1;
  for (let u = v + 1; u < space.variables.length - 1; u++) {
    const { size, visitWeight } = space.variables[u]!;
    if (visitWeight === 0) break;
    visits *= size;
    work += visits * visitWeight;
  }
  return work;
}

/** Largest work of events that share one key: such a point is never divided. */
export function pointWeight({ drivers }: WorkSpace): number {
  let weight = 0;
  for (const driver of drivers) weight += driver.weight * longestRepeat(driver.levels);
  return Math.max(1, weight);
}

/** How often one tuple of coordinates occurs at most: more than once only in lists that keep duplicates. */
function longestRepeat(levels: readonly Level[]): number {
  const last = levels.at(-1);
  if (last?.kind !== "singleton" && last?.kind !== "compressed-nonunique") return 1;
  let head = levels.length - 1;
  while (head > 0 && levels[head]!.kind === "singleton") head -= 1;
  const list = levels.slice(head);
  const columns = list.map((level) => ("coordinates" in level ? level.coordinates : new Int32Array(0)));
  const first = list[0]!;
  const starts = "positions" in first ? new Set(first.positions) : new Set<number>();
  let longest = 1;
  let length = 1;
  for (let p = 1; p < columns[0]!.length; p++) {
    const repeats = !starts.has(p) && columns.every((column) => column[p] === column[p - 1]);
    length = repeats ? length + 1 : 1;
    if (length > longest) longest = length;
  }
  return longest;
}

/** Refuses a space whose cuts would not be exact. @throws {PartitionError} `weight-invalid`, `driver-mismatch`, `driver-unordered` */
export function checkSpace({ variables, drivers }: WorkSpace): void {
  if (variables.length === 0)
    throw new PartitionError("driver-mismatch", "a space of work needs at least one variable");
  for (const { name, levels, weight } of drivers) {
    if (!Number.isInteger(weight) || weight < 1)
      throw new PartitionError(
        "weight-invalid",
        `the weight of ${name} is ${weight}; expected an integer of at least 1`,
      );
    if (levels.length !== variables.length)
      throw new PartitionError(
        "driver-mismatch",
        `${name} has ${levels.length} levels for ${variables.length} variables`,
      );
    const hashed = levels.findIndex(({ kind }) => kind === "hashed");
    if (hashed >= 0)
      throw new PartitionError(
        "driver-unordered",
        `level ${hashed} of ${name} is hashed and has no order to cut by; convert it to a compressed level first`,
      );
  }
  let leading = true;
  variables.forEach(({ name, visitWeight }, v) => {
    leading &&= drivers.every(({ levels }) => levels[v]!.kind === "dense");
    if (!Number.isInteger(visitWeight) || visitWeight < 0 || (visitWeight > 0 && !leading && v < variables.length - 1))
      throw new PartitionError(
        "weight-invalid",
        `the visit weight of ${name} is ${visitWeight}; expected an integer of at least 0, and 0 below a sparse level`,
      );
  });
}

function checkedWork(work: number): number {
  if (Number.isSafeInteger(work)) return work;
  throw new PartitionError("work-too-large", `work of ${work} passes 2^53 and cannot be counted exactly`);
}
