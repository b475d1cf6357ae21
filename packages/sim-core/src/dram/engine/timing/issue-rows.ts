/**
 * The deciding rows of a spec, flattened for the device tree of a channel: what issuing a command does to which cell of the
 * ready times, where the cell of a command at a node is `command · nodes + node`.
 */
import type { TimingConstraint } from "../../spec/dram-spec.ts";
import type { DeviceTree } from "./device-tree.ts";

/**
 * Rows of one kind side by side; those of key `command · levels + level` are [start[key], start[key + 1]). So the rows of a
 * command follow each other, from the channel down.
 */
export interface IssueRows {
  readonly start: Int32Array;
  /** Cell of the following command at the first node of the level. */
  readonly cell: Int32Array;
  /** The level's `shift`. */
  readonly shift: Int32Array;
  readonly latency: Int32Array;
  readonly window: Int32Array;
}

/** Flattens `rows`. */
export function issueRows(tree: DeviceTree, commands: number, rows: readonly TimingConstraint[]): IssueRows {
  const key = (row: TimingConstraint): number => row.preceding * tree.levels + row.level;
  const sorted = [...rows].sort((a, b) => key(a) - key(b));
  const start = new Int32Array(commands * tree.levels + 1);
  for (const row of sorted) start[key(row) + 1]! += 1;
  for (let k = 1; k < start.length; k++) start[k]! += start[k - 1]!;
  return {
    start,
    cell: Int32Array.from(sorted, ({ following, level }) => following * tree.nodes + tree.first[level]!),
    shift: Int32Array.from(sorted, ({ level }) => tree.shift[level]!),
    latency: Int32Array.from(sorted, ({ latency }) => latency),
    window: Int32Array.from(sorted, ({ window }) => window),
  };
}
