/** Compressed levels from rows whose prefixes are all compressed: most of what they hold is moved, not looked at. */
import type { Level } from "@millrace/tensor";
import type { Arena } from "../arena.ts";
import type { RowPart, Rows } from "./build-levels.ts";

/** Levels for a tree of at least one prefix variable; `coordinates` are those of the entries. */
export function compressedLevels(
  rows: Rows,
  sizes: readonly number[],
  { coordinates, arena }: { readonly coordinates: Int32Array; readonly arena: Arena },
): Level[] {
  const { columns, ends } = rows;
  const parts = distinctRows(rows);
  const count = parts.reduce((all, { from, until }) => all + until - from, 0);
  const levels: Level[] = [];
  let nodes: Nodes = { starts: new Int32Array(1), count: 1 };
  for (let l = 0; l < columns.length - 1; l++) {
    const most = Math.min(count, nodes.count * sizes[l]!);
    const above = nodes;
    const own = arena.i32(most);
    const positions = arena.i32(above.count + 1);
    nodes = nodesOf({ column: columns[l]!, parts, above, own, positions, starts: new Int32Array(most) });
    const kept = arena.keep(positions, above.count + 1);
    levels.push({
      kind: "compressed",
      size: sizes[l]!,
      positions: kept,
      coordinates: arena.keep(own, nodes.count),
    });
  }
  // The last prefix variable has a node for each row, and the entries of a row end where it says.
  const positions = arena.i32(nodes.count + 1);
  positions.set(nodes.starts.subarray(0, nodes.count));
  positions[nodes.count] = count;
  const last = columns.length - 1;
  const inPlace = rows.positions !== undefined && parts.length === 1 && parts[0]!.from === 0;
  const { rowCoordinates, rowEnds } = inPlace
    ? { rowCoordinates: columns[last]!, rowEnds: rows.positions }
    : gatheredRows({ column: columns[last]!, ends, parts, count, arena });
  const kept = arena.keep(positions, positions.length);
  levels.push({
    ...{ kind: "compressed", size: sizes[last]! },
    ...{ positions: kept, coordinates: arena.keep(rowCoordinates, count) },
  });
  levels.push({
    ...{ kind: "compressed", size: sizes[last + 1]! },
    ...{ positions: arena.keep(rowEnds, count + 1), coordinates },
  });
  return levels;
}

interface GatheredRows {
  readonly column: Int32Array;
  readonly ends: Int32Array;
  readonly parts: readonly RowPart[];
  readonly count: number;
  readonly arena: Arena;
}

/** Rows that lie apart, together: the last coordinate of each, and where its entries end. */
function gatheredRows({ column, ends, parts, count, arena }: GatheredRows) {
  const rowCoordinates = arena.i32(count);
  const rowEnds = arena.i32(count + 1);
  rowEnds[0] = 0;
  let row = 0;
  for (const { from, until, gap } of parts) {
    rowCoordinates.set(column.subarray(from, until), row);
    if (gap === 0) rowEnds.set(ends.subarray(from, until), row + 1);
    else for (let r = from; r < until; r++) rowEnds[row + 1 + r - from] = ends[r]! - gap;
    row += until - from;
  }
  return { rowCoordinates, rowEnds };
}

/** Nodes of a level: how many there are, and the first row of each. */
interface Nodes {
  readonly starts: Int32Array;
  readonly count: number;
}

interface NodeRows {
  readonly column: Int32Array;
  readonly parts: readonly RowPart[];
  readonly above: Nodes;
  /** Coordinates of the nodes, their first rows, and where those of each node above begin: to be filled. */
  readonly own: Int32Array;
  readonly starts: Int32Array;
  readonly positions: Int32Array;
}

/** A node begins where the coordinate changes, and where a node above begins. */
function nodesOf({ column, parts, above, own, starts, positions }: NodeRows): Nodes {
  let made = 0;
  let row = 0;
  let parent = 0;
  let last = -1;
  for (const { from, until } of parts)
    for (let r = from; r < until; ) {
      const first = parent < above.count && row === above.starts[parent]!;
      if (first) {
        positions[parent] = made;
        parent += 1;
      }
      const coordinate = column[r]!;
      if (first || coordinate !== last) {
        last = coordinate;
        own[made] = coordinate;
        starts[made] = row;
        made += 1;
      }
      const left = parent < above.count ? above.starts[parent]! - row : until - r;
      const end = endOfRun(column, r, Math.min(until, r + left));
      row += end - r;
      r = end;
    }
  for (; parent <= above.count; parent++) positions[parent] = made;
  return { starts, count: made };
}

/** Where the run of equal coordinates at `from` ends: coordinates rise up to `until`, and runs may be long. */
function endOfRun(column: Int32Array, from: number, until: number): number {
  const coordinate = column[from]!;
  let low = from;
  let step = 1;
  while (low + step < until && column[low + step] === coordinate) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, until);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (column[middle] === coordinate) low = middle;
    else high = middle;
  }
  return high;
}

/** The parts without rows that go on in a later part: there they end. Parts without rows are left out. */
export function distinctRows({ columns, count, parts }: Pick<Rows, "columns" | "count" | "parts">): RowPart[] {
  const found: RowPart[] = [];
  for (const part of parts ?? [{ from: 0, until: count, gap: 0 }]) {
    if (part.from === part.until) continue;
    const before = found.at(-1);
    if (before !== undefined && columns.every((column) => column[before.until - 1] === column[part.from]))
      found[found.length - 1] = { ...before, until: before.until - 1 };
    found.push(part);
  }
  return found.filter(({ from, until }) => from < until);
}
