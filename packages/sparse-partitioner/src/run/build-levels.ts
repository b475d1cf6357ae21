/** Stored levels from rows: the prefixes under which entries lie, in order, and where the entries of each end. */
import type { Level } from "@millrace/tensor";

/** Rows in lexicographic order; a prefix may come more than once in a row. */
export interface Rows {
  /** One array for each coordinate of the prefix, outermost first. */
  readonly columns: readonly Int32Array[];
  readonly ends: Int32Array;
  readonly count: number;
}

/** What is built: the levels down to the last compressed one. */
export interface LevelShape {
  readonly sizes: readonly number[];
  readonly sparse: readonly boolean[];
}

/** The levels above the entries, and that of the entries themselves. */
export function levelsFromRows(rows: Rows, { sizes, sparse }: LevelShape, coordinates: Int32Array): Level[] {
  const levels: Level[] = [];
  let position = new Int32Array(rows.count);
  let parents = 1;
  rows.columns.forEach((column, l) => {
    if (sparse[l]) {
      const built = compressedLevel(column, position, { parents, rows: rows.count });
      levels.push({ kind: "compressed", size: sizes[l]!, ...built });
      position = built.node;
      parents = built.coordinates.length;
    } else {
      const next = new Int32Array(rows.count);
      for (let r = 0; r < rows.count; r++) next[r] = position[r]! * sizes[l]! + column[r]!;
      levels.push({ kind: "dense", size: sizes[l]! });
      position = next;
      parents *= sizes[l]!;
    }
  });
  const positions = new Int32Array(parents + 1);
  if (rows.columns.length === 0) positions[1] = coordinates.length;
  else {
    let filled = 0;
    let end = 0;
    for (let r = 0; r < rows.count; r++) {
      for (; filled < position[r]!; filled++) positions[filled + 1] = end;
      end = rows.ends[r]!;
    }
    for (; filled < parents; filled++) positions[filled + 1] = end;
  }
  levels.push({ kind: "compressed", size: sizes[rows.columns.length]!, positions, coordinates });
  return levels;
}

function compressedLevel(
  column: Int32Array,
  parent: Int32Array,
  { parents, rows }: { readonly parents: number; readonly rows: number },
): { positions: Int32Array; coordinates: Int32Array; node: Int32Array<ArrayBuffer> } {
  const coordinates = new Int32Array(rows);
  const node = new Int32Array(rows);
  const positions = new Int32Array(parents + 1);
  let nodes = 0;
  for (let r = 0; r < rows; r++) {
    const same = r > 0 && parent[r] === parent[r - 1] && column[r] === column[r - 1];
    if (!same) {
      coordinates[nodes] = column[r]!;
      nodes += 1;
      positions[parent[r]! + 1] = nodes;
    }
    node[r] = nodes - 1;
  }
  for (let p = 1; p <= parents; p++) positions[p] = Math.max(positions[p]!, positions[p - 1]!);
  return { positions, coordinates: coordinates.slice(0, nodes), node };
}
