/** The plan of a statement: one partition for each phase, over what the phase before left. */
import type { Level } from "@millrace/tensor";
import type { Phase } from "../iteration/phases.ts";
import type { LoopSpec } from "../lower/loop-spec.ts";
import { grainCount } from "../partition/grains.ts";
import { type PartitionPlan, partition, type Strategy } from "../partition/plan.ts";
import { leafPositions } from "../partition/rank.ts";
import { rowBlocks, tupleAt } from "../partition/strategies.ts";
import type { Driver, Subtrees, WorkSpace } from "../partition/work.ts";
import type { Stage } from "./stage.ts";
import { rootPositions, subtreesOf } from "./subtrees.ts";

/** Subtrees that an earlier phase found by running. */
export interface Survivors {
  readonly levels: readonly Level[];
  readonly count: number;
  /** Position of each operand that has a level among them; -1 where it is not there. */
  readonly positions: ReadonlyMap<number, Int32Array>;
}

/** How a stage is divided. */
export interface PlanOptions {
  readonly units: number;
  readonly strategy: Strategy;
  /** Work of a grain; units are then as many grains as there are, whatever `units` is. */
  readonly grain?: number | undefined;
  /** Work of visiting a coordinate of a leading dense variable; chosen by the drivers unless given. */
  readonly visitWeight?: number | undefined;
}

/** The plan of one phase and the coordinates of its cuts along all variables so far. */
export interface PhasePlan {
  readonly phase: Phase;
  readonly plan: PartitionPlan;
  readonly tuples: readonly (readonly number[])[];
}

/** Divides one phase; `survivors` are those of the phase before, if that was run. */
export function planPhase(stage: Stage, at: number, survivors: Survivors | undefined, options: PlanOptions): PhasePlan {
  const phase = stage.phases[at]!;
  const space = spaceOf(stage, at, survivors, options);
  const rows = space.subtrees?.count ?? space.variables[0]!.size;
  const units =
    options.strategy === "dynamic"
      ? rowBlocks(rows, options.units)
      : options.grain === undefined
        ? options.units
        : grainCount(space, options.grain);
  const plan = partition(space, { units, strategy: options.strategy });
  const tree = at === 0 ? [] : treeOf(stage, phase, survivors);
  const tuples = plan.cuts.map(({ subtree, tuple }) => {
    if (space.subtrees === undefined) return tuple;
    if (subtree >= space.subtrees.count) return [stage.sizes[0]!];
    return [...tupleAt(tree, subtree), ...tuple];
  });
  return { phase, plan, tuples };
}

/** The tree whose leaves are the subtrees of a phase. */
function treeOf(stage: Stage, { from }: Phase, survivors: Survivors | undefined): readonly Level[] {
  if (survivors !== undefined) return survivors.levels;
  const { sole } = stage;
  if (sole !== undefined && sole >= 0) return stage.operands[sole]!.tensor.levels.slice(0, from);
  return stage.sizes.slice(0, from).map((size) => ({ kind: "dense", size }));
}

function spaceOf(stage: Stage, at: number, survivors: Survivors | undefined, options: PlanOptions): WorkSpace {
  const phase = stage.phases[at]!;
  const { from, to } = phase;
  const names = stage.order.slice(from, to);
  const operands = phase.drivers;
  const drivers: Driver[] = operands.map((operand) => ({
    name: stage.spec[operand]!.name,
    levels: driverLevels(stage, operand, phase),
    weight: 1,
  }));
  if (drivers.length === 0)
    drivers.push({
      name: "coordinates",
      levels: names.map((_, v) => ({ kind: "dense", size: stage.sizes[from + v]! })),
      weight: 1,
    });
  const visit = at === 0 && phase.drivers.length > 0 ? visitWeight(stage, drivers, options) : 0;
  const leading = names.findIndex((_, v) => drivers.some(({ levels }) => levels[v]!.kind !== "dense"));
  const variables = names.map((name, v) => ({
    name,
    size: stage.sizes[from + v]!,
    visitWeight: v < names.length - 1 && (leading < 0 || v < leading) ? visit : 0,
  }));
  if (at === 0) return { variables, drivers };
  return { variables, drivers, subtrees: subtreesFor(stage, { phase, operands, drivers }, survivors) };
}

/** Levels of a driver over the phase's variables; dense ones where it has none, as its entries then count for each. */
function driverLevels({ spec, operands, sizes }: Stage, operand: number, { from, to }: Phase): Level[] {
  const { places } = spec[operand]!;
  return Array.from({ length: to - from }, (_, v): Level => {
    const l = places.indexOf(from + v);
    return l < 0 ? { kind: "dense", size: sizes[from + v]! } : operands[operand]!.tensor.levels[l]!;
  });
}

/**
 * One driver alone: its rows and entries together, as in merge-based products. Several: entries alone, unless there are
 * more rows than entries, where a unit could be given any number of empty ones.
 */
function visitWeight(stage: Stage, drivers: readonly Driver[], { visitWeight: given }: PlanOptions): number {
  if (given !== undefined) return given;
  if (drivers.length === 1) return 1;
  const entries = drivers.reduce((sum, { levels }) => sum + leafPositions(levels, -1, 1), 0);
  return stage.sizes[0]! > entries ? 1 : 0;
}

interface PhaseDrivers {
  readonly phase: Phase;
  readonly operands: readonly number[];
  readonly drivers: readonly Driver[];
}

function subtreesFor(stage: Stage, { phase, operands, drivers }: PhaseDrivers, survivors?: Survivors): Subtrees {
  const tree = treeOf(stage, phase, survivors);
  const count = survivors?.count ?? leafPositions(tree, -1, 1);
  const positions = drivers.map((_, d) => {
    const operand = operands[d];
    if (operand === undefined) return new Int32Array(count);
    const found = survivors?.positions.get(operand);
    if (found !== undefined) return found;
    const { places } = stage.spec[operand]!;
    const levels = places.flatMap((place) => (place < phase.from ? [{ place, size: stage.sizes[place]! }] : []));
    return rootPositions({ tree, same: operand === stage.sole, levels });
  });
  return subtreesOf(drivers, positions, count);
}

/** Whether the survivors of a phase have to be found by running its loops. */
export function needsRun(stage: Stage, at: number): boolean {
  return at < stage.phases.length - 1 && (at > 0 || stage.sole === undefined);
}

interface SpecOptions {
  readonly survivors: Survivors | undefined;
  readonly clamped: boolean;
  readonly countOnly: boolean;
}

/** The loops of a phase: those that find survivors, or for the last phase those that compute the result. */
export function specOf(stage: Stage, at: number, options: SpecOptions): LoopSpec {
  const { survivors, clamped, countOnly } = options;
  const key = 8 * at + (survivors === undefined ? 0 : 4) + (clamped ? 2 : 0) + (countOnly ? 1 : 0);
  let known = knownSpecs.get(stage);
  if (known === undefined) {
    known = new Map();
    knownSpecs.set(stage, known);
  }
  let spec = known.get(key);
  if (spec === undefined) {
    spec = makeSpec(stage, at, options);
    known.set(key, spec);
  }
  return spec;
}

/** The same loops are one object, so that what is compiled for them is found at once. */
const knownSpecs = new WeakMap<Stage, Map<number, LoopSpec>>();

function makeSpec(stage: Stage, at: number, options: SpecOptions): LoopSpec {
  const last = at >= stage.phases.length - 1;
  const depth = last ? stage.order.length : stage.phases[at]!.to;
  const from = options.survivors === undefined ? 0 : stage.phases[at]!.from;
  const reachedBy = (limit: number): number[] =>
    stage.spec.flatMap(({ places, sparse }, operand) =>
      places.some((place, l) => place < limit && sparse[l]) ? [operand] : [],
    );
  return {
    name: last ? "kernel" : `survivors${at}`,
    variables: stage.order.slice(0, depth),
    formula: stage.statement.formula,
    operands: stage.spec,
    ...(from > 0 ? { survivors: { depth: from, operands: reachedBy(from) } } : {}),
    result: last ? stage.final : { kind: "survivors", operands: reachedBy(depth) },
    cutVariables: options.clamped ? (stage.phases[at]?.to ?? 0) : 0,
    countOnly: options.countOnly,
  };
}
