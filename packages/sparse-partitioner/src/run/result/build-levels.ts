/** Stored levels from rows: the prefixes under which entries lie, in order, and where the entries of each end. */
import type { Level } from "@millrace/tensor";
import type { Arena } from "../arena.ts";
import { compressedLevels } from "./compressed-levels.ts";

/** Rows in lexicographic order; the last prefix of a part may be the first of the next one, too. */
export interface Rows {
  /** One array for each coordinate of the prefix, outermost first. */
  readonly columns: readonly Int32Array[];
  readonly ends: Int32Array;
  /** An array of 0 and the ends, where they lie in one. */
  readonly positions?: Int32Array;
  readonly count: number;
  /** Where the rows are: all `count` from the first on, unless given. */
  readonly parts?: readonly RowPart[];
}

/** Rows that follow each other; their entries end `gap` before what is said. */
export interface RowPart {
  readonly from: number;
  readonly until: number;
  readonly gap: number;
}

/** What is built: the levels down to the last compressed one. */
export interface LevelShape {
  readonly sizes: readonly number[];
  readonly sparse: readonly boolean[];
}

/** The levels above the entries, and that of the entries themselves; what is made anew comes from `arena`, and is kept. */
export function levelsFromRows(
  rows: Rows,
  { sizes, sparse }: LevelShape,
  entries: { readonly coordinates: Int32Array; readonly arena: Arena },
): Level[] {
  const { coordinates } = entries;
  if (rows.columns.length > 0 && sparse.slice(0, rows.columns.length).every(Boolean))
    return compressedLevels(rows, sizes, entries);
  const parts = rows.parts ?? [{ from: 0, until: rows.count, gap: 0 }];
  const levels: Level[] = [];
  // The node of each row on the level above; without a level above, all are below the root.
  let nodes: Int32Array | undefined;
  let parents = 1;
  rows.columns.forEach((column, l) => {
    const size = sizes[l]!;
    const level = { column, nodes, parents, size, parts, count: rows.count };
    if (sparse[l]) {
      const built = compressedLevel(level);
      levels.push({ kind: "compressed", size, positions: built.positions, coordinates: built.coordinates });
      nodes = built.nodes;
      parents = built.coordinates.length;
    } else {
      levels.push({ kind: "dense", size });
      nodes = denseNodes(level);
      parents *= size;
    }
  });
  const positions = nodes === undefined ? Int32Array.of(0, coordinates.length) : leafPositions(rows, nodes, parents);
  levels.push({ kind: "compressed", size: sizes[rows.columns.length]!, positions, coordinates });
  return levels;
}

interface RowLevel {
  readonly column: Int32Array;
  readonly nodes: Int32Array | undefined;
  readonly parents: number;
  readonly size: number;
  readonly parts: readonly RowPart[];
  readonly count: number;
}

function denseNodes({ column, nodes, size, parts, count }: RowLevel): Int32Array {
  const next = new Int32Array(count);
  let row = 0;
  for (const { from, until } of parts)
    for (let r = from; r < until; r++, row++) next[row] = (nodes === undefined ? 0 : nodes[row]! * size) + column[r]!;
  return next;
}

function compressedLevel({ column, nodes, parents, parts, count }: RowLevel) {
  const coordinates = new Int32Array(count);
  const next = new Int32Array(count);
  const positions = new Int32Array(parents + 1);
  let made = 0;
  let row = 0;
  let parent = 0;
  let [lastParent, last] = [-1, -1];
  for (const { from, until } of parts)
    for (let r = from; r < until; r++, row++) {
      const above = nodes === undefined ? 0 : nodes[row]!;
      const coordinate = column[r]!;
      if (coordinate !== last || above !== lastParent) {
        // Parents without rows begin where the next one does.
        for (; parent < above; parent++) positions[parent + 1] = made;
        coordinates[made] = coordinate;
        made += 1;
        [lastParent, last] = [above, coordinate];
      }
      next[row] = made - 1;
    }
  for (; parent < parents; parent++) positions[parent + 1] = made;
  return { positions, coordinates: made === count ? coordinates : coordinates.slice(0, made), nodes: next };
}

function leafPositions({ ends, count, parts = [] }: Rows, nodes: Int32Array, parents: number): Int32Array {
  const positions = new Int32Array(parents + 1);
  let node = 0;
  let end = 0;
  let row = 0;
  for (const { from, until, gap } of parts.length > 0 ? parts : [{ from: 0, until: count, gap: 0 }])
    for (let r = from; r < until; r++, row++) {
      for (; node < nodes[row]!; node++) positions[node + 1] = end;
      end = ends[r]! - gap;
    }
  for (; node < parents; node++) positions[node + 1] = end;
  return positions;
}
