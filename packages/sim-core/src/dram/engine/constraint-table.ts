/**
 * The constraint rows of a spec, flattened for one controller: per level and command, what waits for it and how long.
 *
 * Rows that can never decide are left out: commands the controller never issues, and rows under a wider or equal row of
 * the same pair that waits at least as long.
 */
import type { DramSpec, TimingConstraint } from "../spec/dram-spec.ts";

/** Slices of parallel arrays: those of key k are [start[k], start[k + 1]). */
export interface RowSlices {
  readonly start: Int32Array;
  readonly following: Int32Array;
  readonly latency: Int32Array;
  readonly window: Int32Array;
}

/** Rows by kind, each keyed by level · commands + preceding. */
export interface ConstraintTable {
  /** The rows that may decide. */
  readonly rows: readonly TimingConstraint[];
  /** Rows from the last issue at the node itself. */
  readonly plain: RowSlices;
  /** Rows from an earlier issue at the node: windows. */
  readonly windowed: RowSlices;
  /** Rows for the other children of the node's parent. */
  readonly sibling: RowSlices;
  /** Per command, whether it has windowed or sibling rows at any level. */
  readonly irregular: Uint8Array;
  /** Per command, the levels at which something may hold it back, from the top. */
  readonly checked: readonly Int32Array[];
}

/** Flattens the rows between commands that `used` names. */
export function tabulateConstraints(spec: DramSpec, used: readonly boolean[]): ConstraintTable {
  const rows = decidingRows(spec, used);
  const irregular = new Uint8Array(spec.commands.length);
  for (const row of rows) if (row.window > 1 || row.sibling) irregular[row.preceding] = 1;
  const checked = spec.commands.map((_, command) => {
    const levels = new Set(rows.filter((row) => row.following === command).map((row) => row.level));
    return Int32Array.from([...levels].sort((a, b) => a - b));
  });
  return {
    rows,
    plain: slice(
      spec,
      rows.filter((row) => row.window === 1 && !row.sibling),
    ),
    windowed: slice(
      spec,
      rows.filter((row) => row.window > 1 && !row.sibling),
    ),
    sibling: slice(
      spec,
      rows.filter((row) => row.sibling),
    ),
    irregular,
    checked,
  };
}

/** The rows between commands of `used` that no other row covers. */
export function decidingRows(spec: DramSpec, used: readonly boolean[]): TimingConstraint[] {
  const rows = spec.constraints.filter((row) => used[row.preceding] && used[row.following]);
  return rows.filter((row, i) => !rows.some((other, j) => i !== j && covers(other, row, j < i)));
}

/** Whether `row` never decides beside `other`; of equal rows the earlier one stays. */
function covers(other: TimingConstraint, row: TimingConstraint, earlier: boolean): boolean {
  if (other.preceding !== row.preceding || other.following !== row.following) return false;
  if (other.sibling || other.window > row.window || other.latency < row.latency) return false;
  // A row of the parent's level holds for the children beside the node as well.
  if (row.sibling) return other.level < row.level;
  if (other.level > row.level) return false;
  return other.level < row.level || other.latency > row.latency || other.window < row.window || earlier;
}

function slice(spec: DramSpec, rows: readonly TimingConstraint[]): RowSlices {
  const keys = (spec.bankLevel + 1) * spec.commands.length;
  const key = (row: TimingConstraint): number => row.level * spec.commands.length + row.preceding;
  const sorted = [...rows].sort((a, b) => key(a) - key(b));
  const start = new Int32Array(keys + 1);
  for (const row of sorted) start[key(row) + 1]! += 1;
  for (let k = 0; k < keys; k++) start[k + 1]! += start[k]!;
  return {
    start,
    following: Int32Array.from(sorted, (row) => row.following),
    latency: Int32Array.from(sorted, (row) => row.latency),
    window: Int32Array.from(sorted, (row) => row.window),
  };
}
