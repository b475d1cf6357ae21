/** Recounts a plan by brute force: walks every event of every driver once and asks whose it is. */
import type { Level } from "@millrace/tensor";
import type { Cut } from "./cut.ts";
import { type PartitionPlan, unitWork } from "./plan.ts";
import { childRun, coordinateAt } from "./rank.ts";
import type { Driver } from "./work.ts";

/** What a recount found. */
export interface Verification {
  /** Every statement below holds: cuts rise, their work is what was counted, and no unit passes the bound. */
  readonly holds: boolean;
  /** What does not hold, in words; empty if everything does. */
  readonly faults: readonly string[];
  /** Work of each unit as counted. */
  readonly unitWork: readonly number[];
  readonly maximum: number;
  readonly mean: number;
  /** Largest work of a unit above ceil(work / units). */
  readonly excess: number;
  /** Units without work. */
  readonly idleUnits: number;
}

/** Recounts the work of every unit from the stored tensors, without any of the searches that made the plan. */
export function verify(plan: PartitionPlan): Verification {
  const counted = new Array<number>(plan.units).fill(0);
  const { subtrees } = plan.space;
  const trees = subtrees?.count ?? 1;
  for (let subtree = 0; subtree < trees; subtree++) {
    plan.space.drivers.forEach((driver, d) => {
      const root = subtrees === undefined ? 0 : subtrees.positions[d]![subtree]!;
      if (root >= 0) countDriver(plan, driver, { subtree, root }, counted);
    });
  }
  if (subtrees === undefined) countVisits(plan, counted);
  const maximum = counted.reduce((most, work) => Math.max(most, work), 0);
  const faults = faultsOf(plan, counted, maximum);
  return {
    holds: faults.length === 0,
    faults,
    unitWork: counted,
    maximum,
    mean: plan.work / plan.units,
    excess: maximum - Math.ceil(plan.work / plan.units),
    idleUnits: counted.filter((work) => work === 0).length,
  };
}

function faultsOf(plan: PartitionPlan, counted: readonly number[], maximum: number): string[] {
  const faults: string[] = [];
  const total = counted.reduce((sum, work) => sum + work, 0);
  if (total !== plan.work) faults.push(`${total} work was counted, the plan has ${plan.work}`);
  unitWork(plan).forEach((work, u) => {
    if (work !== counted[u]) faults.push(`unit ${u} has ${counted[u]} work, its cuts say ${work}`);
  });
  plan.cuts.forEach((cut, u) => {
    if (u > 0 && compareCuts(plan.cuts[u - 1]!, cut) > 0) faults.push(`cut ${u} lies before the one ahead of it`);
  });
  if (maximum > plan.bound) faults.push(`a unit has ${maximum} work, above the bound of ${plan.bound}`);
  return faults;
}

function compareCuts(one: Cut, other: Cut): number {
  if (one.subtree !== other.subtree) return one.subtree - other.subtree;
  const length = Math.max(one.tuple.length, other.tuple.length);
  for (let v = 0; v < length; v++) {
    const difference = (one.tuple[v] ?? 0) - (other.tuple[v] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

interface Place {
  readonly subtree: number;
  readonly root: number;
}

function countDriver({ cuts }: PartitionPlan, driver: Driver, place: Place, counted: number[]): void {
  const { levels, weight } = driver;
  const key = new Array<number>(levels.length);
  let unit = 0;
  const visit = (l: number, from: number, until: number): void => {
    const level: Level = levels[l]!;
    const [first, end] = childRun(level, from, until);
    for (let p = first; p < end; p++) {
      key[l] = coordinateAt(level, from, p);
      if (l < levels.length - 1) visit(l + 1, p, p + 1);
      else {
        while (unit < cuts.length - 2 && !isBefore(place.subtree, key, cuts[unit + 1]!)) unit += 1;
        counted[unit] = counted[unit]! + weight;
      }
    }
  };
  visit(0, place.root, place.root + 1);
}

/** Visits of the coordinates of leading dense variables. */
function countVisits({ space, cuts }: PartitionPlan, counted: number[]): void {
  const key: number[] = [];
  let unit = 0;
  const visit = (v: number): void => {
    const { size, visitWeight } = space.variables[v]!;
    if (visitWeight === 0 || v === space.variables.length - 1) return;
    for (let coordinate = 0; coordinate < size; coordinate++) {
      key.push(coordinate);
      while (unit < cuts.length - 2 && !isBefore(0, key, cuts[unit + 1]!)) unit += 1;
      counted[unit] = counted[unit]! + visitWeight;
      visit(v + 1);
      key.pop();
    }
  };
  visit(0);
}

/** Whether an event of this key lies before the cut; a key lies before its extensions. */
function isBefore(subtree: number, key: readonly number[], cut: Cut): boolean {
  if (subtree !== cut.subtree) return subtree < cut.subtree;
  const { tuple } = cut;
  for (let v = 0; v < key.length; v++) {
    if (v >= tuple.length) return false;
    if (key[v] !== tuple[v]) return key[v]! < tuple[v]!;
  }
  return key.length < tuple.length;
}
