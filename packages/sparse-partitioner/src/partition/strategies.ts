/** Comparison strategies: how sparse kernels are usually divided. Same plans, no promise. */
import type { Level } from "@millrace/tensor";
import { type Cut, workBefore } from "./cut.ts";
import { childRun, coordinateAt, leafPositions } from "./rank.ts";
import type { WorkSpace } from "./work.ts";

/**
 * `rows`: equal ranges of the first coordinate, one for each unit. `dynamic`: the same, in blocks that threads take as
 * they come (see {@link rowBlocks}). `position`: equal ranges of the stored positions of the largest operand.
 */
export type ComparisonStrategy = "rows" | "dynamic" | "position";

/** The cuts between `units` units, without the first and the last. */
export function comparisonCuts(space: WorkSpace, units: number, strategy: ComparisonStrategy): Cut[] {
  return strategy === "position" ? positionCuts(space, units) : rowCuts(space, units);
}

/** How many blocks of rows a dynamic schedule hands out for `units` threads. */
export function rowBlocks(rows: number, units: number): number {
  return Math.max(units, Math.min(rows, 16 * units));
}

/**
 * What each of `units` threads does if each takes the next block as soon as it is free and work is time: the list
 * schedule, threads of equal load in order of their number. Returns the thread of each block.
 */
export function listSchedule(blockWork: readonly number[], units: number): number[] {
  const load = new Array<number>(units).fill(0);
  return blockWork.map((work) => {
    let least = 0;
    for (let u = 1; u < units; u++) if (load[u]! < load[least]!) least = u;
    load[least] = load[least]! + work;
    return least;
  });
}

function rowCuts(space: WorkSpace, units: number): Cut[] {
  const { subtrees, variables } = space;
  const rows = subtrees?.count ?? variables[0]!.size;
  return Array.from({ length: units - 1 }, (_, u) => {
    const row = Math.floor(((u + 1) * rows) / units);
    const place = subtrees === undefined ? { subtree: 0, tuple: [row] } : { subtree: row, tuple: [0] };
    return { ...place, work: workBefore(space, place) };
  });
}

function positionCuts(space: WorkSpace, units: number): Cut[] {
  const sizes = space.drivers.map(({ levels }) => leafPositions(levels, -1, 1));
  const largest = sizes.indexOf(Math.max(...sizes));
  const driver = space.drivers[largest];
  if (driver === undefined || space.subtrees !== undefined) return rowCuts(space, units);
  return Array.from({ length: units - 1 }, (_, u) => {
    const position = Math.floor(((u + 1) * sizes[largest]!) / units);
    const tuple = position >= sizes[largest]! ? [space.variables[0]!.size] : tupleAt(driver.levels, position);
    return { subtree: 0, tuple, work: workBefore(space, { subtree: 0, tuple }) };
  });
}

/** The coordinates of a position of the last level. */
export function tupleAt(levels: readonly Level[], position: number): number[] {
  const tuple = new Array<number>(levels.length);
  let child = position;
  for (let l = levels.length - 1; l >= 0; l--) {
    const level = levels[l]!;
    const parent = parentOf(level, child);
    tuple[l] = coordinateAt(level, parent, child);
    child = parent;
  }
  return tuple;
}

/** The position above one: the last parent whose children begin at or before it. */
function parentOf(level: Level, child: number): number {
  if (level.kind === "dense") return Math.floor(child / level.size);
  if (level.kind === "block") return Math.floor(child / level.blockSize);
  if (level.kind === "singleton") return child;
  let low = 0;
  let high = level.kind === "bitvector" ? level.words.length : level.positions.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (startsBy(level, middle, child)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function startsBy(level: Level, parent: number, child: number): boolean {
  if (level.kind === "bitvector" && parent * Math.ceil(level.size / 32) >= level.words.length) return false;
  return childRun(level, parent, parent)[0] <= child;
}
