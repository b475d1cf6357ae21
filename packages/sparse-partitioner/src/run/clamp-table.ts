/** The clamp table: for each cut, where every loop along its path begins and ends. */
import type { Level } from "@millrace/tensor";
import { clampLayout, clampSlots, coveredLevels, type LoopSpec } from "../lower/loop-spec.ts";
import { childRun, lowerBound, nodeAt } from "../partition/rank.ts";

/** What the table is made from. */
export interface ClampInput {
  readonly spec: LoopSpec;
  readonly sizes: readonly number[];
  /** Levels of each operand, outermost first. */
  readonly levels: readonly (readonly Level[])[];
  /** The tree of survivors and where operands stand at its leaves, if the loops start from one. */
  readonly survivors?: { readonly levels: readonly Level[]; readonly positions: ReadonlyMap<number, Int32Array> };
  /** Coordinates of each cut; shorter ones lie before everything that extends them. */
  readonly tuples: readonly (readonly number[])[];
}

/** The table, one record for each cut. */
export function clampTable({ spec, sizes, levels, survivors, tuples }: ClampInput): Int32Array {
  const layout = clampLayout(spec);
  const slots = clampSlots(spec);
  const table = new Int32Array(layout.size * tuples.length);
  const variables = spec.cutVariables;
  tuples.forEach((given, record) => {
    const start = record * layout.size;
    const tuple = Array.from({ length: variables }, (_, v) => given[v] ?? 0);
    const depth = tuple.findLastIndex((coordinate) => coordinate > 0) + 1;
    tuple.forEach((coordinate, v) => {
      table[start + v] = coordinate;
      table[start + variables + v] = coordinate + (depth > v + 1 && coordinate < sizes[v]! ? 1 : 0);
    });
    table[start + layout.depth] = depth;
    const path = { tuple, depth, sizes };
    let leaf: number | undefined = 0;
    if (survivors !== undefined) {
      const places = survivors.levels.map((_, l) => l);
      const found = positionsAlong(survivors.levels, places, path, 0);
      leaf = found.node;
      writeSlots(-1, found);
    }
    levels.forEach((own, operand) => {
      const places = spec.operands[operand]!.places;
      const mapped = spec.survivors?.operands.includes(operand) === true;
      const covered = mapped ? coveredLevels(places, spec.survivors!.depth) : 0;
      const root = !mapped ? 0 : leaf === undefined ? -1 : survivors!.positions.get(operand)![leaf]!;
      if (root < 0) return;
      writeSlots(operand, positionsAlong(own.slice(covered), places.slice(covered), path, root), covered);
    });

    function writeSlots(operand: number, { first, end }: PathPositions, covered = 0): void {
      for (const { operand: owner, level } of slots) {
        if (owner !== operand || first[level - covered] === undefined) continue;
        const place = start + layout.position(operand, level);
        table[place] = first[level - covered]!;
        table[place + 1] = end[level - covered]!;
      }
    }
  });
  return table;
}

interface Path {
  readonly tuple: readonly number[];
  readonly depth: number;
  readonly sizes: readonly number[];
}

interface PathPositions {
  readonly first: number[];
  readonly end: number[];
  /** Position of the last level where the whole path is stored. */
  readonly node: number | undefined;
}

/** Positions of the levels of one tensor along a path, as far as it is stored. */
function positionsAlong(levels: readonly Level[], places: readonly number[], path: Path, root: number): PathPositions {
  const first: number[] = [];
  const end: number[] = [];
  let parent: number | undefined = root;
  for (let l = 0; l < levels.length && parent !== undefined; l++) {
    const v = places[l]!;
    if (v >= path.tuple.length) break;
    const level = levels[l]!;
    const coordinate = path.tuple[v]!;
    const run: [number, number] = childRun(level, parent, parent + 1);
    const at: number = coordinate >= path.sizes[v]! ? run[1] : lowerBound(level, parent, run, coordinate);
    const node: readonly [number, number] | undefined =
      coordinate >= path.sizes[v]! ? undefined : nodeAt(level, parent, run, { first: at, coordinate });
    first.push(at);
    end.push(node !== undefined && path.depth > v + 1 ? at + 1 : at);
    parent = node?.[0];
  }
  return { first, end, node: parent };
}
