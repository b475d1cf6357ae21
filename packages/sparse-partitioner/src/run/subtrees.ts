/** Subtrees that the next phase divides: where its drivers stand in each of them, and how much work that is. */
import type { Level } from "@millrace/tensor";
import { childRun, leafPositions } from "../partition/rank.ts";
import type { Driver, Subtrees } from "../partition/work.ts";

/** The coordinates at level `l` of every position of the last of some dense and compressed levels. */
function leafCoordinates(levels: readonly Level[], l: number): Int32Array {
  let parents = 1;
  for (let above = 0; above < l; above++) parents = childRun(levels[above]!, parents, parents)[0];
  const own = levels[l]!;
  let column: Int32Array;
  if (own.kind === "compressed") column = own.coordinates;
  else {
    const size = own.kind === "dense" ? own.size : 0;
    column = new Int32Array(parents * size);
    for (let p = 0; p < column.length; p++) column[p] = p % size;
  }
  for (let below = l + 1; below < levels.length; below++) column = spread(column, levels[below]!);
  return column;
}

function spread(column: Int32Array, level: Level): Int32Array {
  const [count] = childRun(level, column.length, column.length);
  const spreadOut = new Int32Array(count);
  for (let p = 0; p < column.length; p++) {
    const [from, until] = childRun(level, p, p + 1);
    spreadOut.fill(column[p]!, from, until);
  }
  return spreadOut;
}

/** A driver of the next phase below a first phase that one operand drives alone. */
export interface RootQuestion {
  /** Levels of that operand, or dense ones. */
  readonly tree: readonly Level[];
  /** Whether the driver is that operand itself. */
  readonly same: boolean;
  /** Loop places and sizes of the driver's own levels within the phase; they are dense. */
  readonly levels: readonly { readonly place: number; readonly size: number }[];
}

/** Position of the driver at each leaf of the tree. */
export function rootPositions({ tree, same, levels }: RootQuestion): Int32Array {
  const count = leafPositions(tree, -1, 1);
  if (same) return Int32Array.from({ length: count }, (_, z) => z);
  const [first, ...others] = levels;
  if (first === undefined) return new Int32Array(count);
  const positions = leafCoordinates(tree, first.place);
  if (others.length === 0) return positions;
  const combined = positions.slice();
  for (const { place, size } of others) {
    const column = leafCoordinates(tree, place);
    for (let z = 0; z < count; z++) combined[z] = combined[z]! * size + column[z]!;
  }
  return combined;
}

/** The subtrees of given root positions, and the work of each. */
export function subtreesOf(drivers: readonly Driver[], positions: readonly Int32Array[], count: number): Subtrees {
  const offsets = new Float64Array(count + 1);
  const [only, ...others] = drivers;
  const [level, ...below] = only?.levels ?? [];
  if (only !== undefined && others.length === 0 && level?.kind === "compressed" && below.length === 0)
    addRuns(offsets, { weight: only.weight, positions: level.positions, roots: positions[0]! });
  else {
    drivers.forEach(({ levels, weight }, d) => {
      addWork(offsets, { levels, weight, roots: positions[d]! });
    });
    for (let z = 0; z < count; z++) offsets[z + 1] = offsets[z + 1]! + offsets[z]!;
  }
  return { count, offsets, positions };
}

interface Runs {
  readonly weight: number;
  readonly positions: Int32Array;
  readonly roots: Int32Array;
}

/** One driver whose subtrees are runs of entries: counted and added up in one pass, as there may be many. */
function addRuns(offsets: Float64Array, { weight, positions, roots }: Runs): void {
  let sum = 0;
  for (let z = 0; z < roots.length; z++) {
    const root = roots[z]!;
    if (root >= 0) sum += weight * (positions[root + 1]! - positions[root]!);
    offsets[z + 1] = sum;
  }
}

function addWork(
  offsets: Float64Array,
  driver: { readonly levels: readonly Level[]; readonly weight: number; readonly roots: Int32Array },
): void {
  const { levels, weight, roots } = driver;
  for (let z = 0; z < roots.length; z++) {
    const root = roots[z]!;
    if (root < 0) continue;
    const work = leafPositions(levels, -1, root + 1) - leafPositions(levels, -1, root);
    offsets[z + 1] = offsets[z + 1]! + weight * work;
  }
}
