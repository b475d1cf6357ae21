/**
 * Decides which modes of which tensors have an axis of tiles.
 *
 * Modes that are walked together are tiled together. Tiles are matrices or vectors: where a tensor has more modes, the
 * shortest stay as they are, as do modes of one coordinate.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), sections 6 and 8.6: values become square tiles below block coordinates.
 */
import { FuseflowError } from "../errors.ts";
import { programExtents } from "../program/extents.ts";
import { accessesIn, type EinsumProgram } from "../program/program.ts";
import type { StoredTensor } from "../region/netlist.ts";
import { isTileExtent, maximumTile } from "../sam/tile-work.ts";
import type { FusionSchedule } from "../schedule/schedule.ts";

/** Most axes of a tile. */
const MOST_AXES = 2;

/**
 * The size of the tiles that a program is compiled to: what the schedule says; else that of the inputs that are stored in
 * tiles; 1 if there is none.
 *
 * @throws {FuseflowError} `schedule-invalid` for a size out of range, or inputs in tiles of different sizes
 */
export function tileSize(schedule: FusionSchedule, inputs: ReadonlyMap<string, StoredTensor>): number {
  const { block } = schedule;
  if (block !== undefined && !isTileExtent(block)) {
    throw new FuseflowError("schedule-invalid", `block must be an integer from 1 to ${maximumTile}, not ${block}`);
  }
  if (block !== undefined) return block;
  let found: { readonly name: string; readonly size: number } | null = null;
  for (const [name, { tile }] of inputs) {
    const size = Math.max(1, ...(tile ?? []));
    if (size === 1) continue;
    found ??= { name, size };
    if (found.size !== size) {
      const message = `${found.name} is stored in tiles of ${found.size} and ${name} in tiles of ${size}; say which in "block"`;
      throw new FuseflowError("schedule-invalid", message);
    }
  }
  return found?.size ?? 1;
}

/** Extent of a tile along each mode of every input, for tiles of `size`. */
export function planTiles(program: EinsumProgram, size: number): ReadonlyMap<string, readonly number[]> {
  const { shapes } = programExtents(program);
  const classes = modeClasses(program);
  const whole = new Set<string>();
  const extentOf = (mode: string): number => extents.get(mode) ?? 0;
  const extents = new Map<string, number>();
  for (const [tensor, shape] of shapes) {
    for (const [mode, extent] of shape.entries()) {
      const of = classes(`${tensor} ${mode}`);
      if (typeof extent === "number") extents.set(of, extent);
      if (extent === 1) whole.add(of);
    }
  }
  for (const [tensor, shape] of shapes) {
    const tiled = shape.map((_, mode) => classes(`${tensor} ${mode}`)).filter((of) => !whole.has(of));
    const shortest = [...new Set(tiled)].sort((a, b) => extentOf(a) - extentOf(b));
    for (const of of shortest.slice(0, Math.max(0, tiled.length - MOST_AXES))) whole.add(of);
  }
  const tileOf = (tensor: string, shape: readonly unknown[]): number[] =>
    shape.map((_, mode) => (whole.has(classes(`${tensor} ${mode}`)) ? 1 : size));
  return new Map(program.inputs.map(({ name, shape }) => [name, tileOf(name, shape)]));
}

/** For each mode of a tensor the name of the class of modes that loops walk together with it. */
function modeClasses(program: EinsumProgram): (mode: string) => string {
  const parents = new Map<string, string>();
  const find = (name: string): string => {
    let root = name;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    return root;
  };
  for (const { tensor, indices, expression } of program.statements) {
    const uses = [...accessesIn(expression), { tensor, indices }];
    for (const use of uses) {
      for (const [mode, variable] of use.indices.entries()) {
        // A variable means something in its statement only.
        const [a, b] = [find(`${use.tensor} ${mode}`), find(`${tensor}: ${variable}`)];
        if (a !== b) parents.set(b, a);
      }
    }
  }
  return find;
}

/** A tensor stored in tiles of these extents: the same levels, over block coordinates. */
export function storedInTiles(stored: StoredTensor, tile: readonly number[]): StoredTensor {
  const { tile: _, work, ...plain } = stored;
  if (tile.every((extent) => extent === 1)) return stored.tile === undefined ? stored : plain;
  const outermost = tile[stored.modeOrder[0]!]!;
  return {
    ...plain,
    tile,
    ...(work !== undefined && { work: sumOfRuns(work, stored.tile === undefined ? outermost : 1) }),
  };
}

function sumOfRuns(values: Float64Array, length: number): Float64Array {
  const sums = new Float64Array(Math.ceil(values.length / length));
  for (let at = 0; at < values.length; at++) sums[Math.floor(at / length)]! += values[at]!;
  return sums;
}
