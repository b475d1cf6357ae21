/**
 * The deciding rows of a spec, flattened for the device tree of a channel: what issuing a command does to which cell of the
 * ready times, where the cell of a command at a node is `command · nodes + node`.
 */
import type { TimingConstraint } from "../../spec/dram-spec.ts";
import type { DeviceTree } from "./device-tree.ts";

/** A tick of issue before all ticks. */
export const LONG_AGO: number = -(2 ** 29);

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

/**
 * Rows as triples of cell, shift and latency, for a loop that takes `run` of them at once: those of a command are
 * [start[c], start[c + 1]), filled up to whole runs by rows that change nothing but the `spare` cell.
 */
export function unrolled(
  { start, cell, shift, latency }: IssueRows,
  { commands, spare, run }: { readonly commands: number; readonly spare: number; readonly run: number },
): [steps: Int32Array, start: Int32Array] {
  const levels = (start.length - 1) / commands;
  const steps: number[] = [];
  const stepStart = [0];
  for (let command = 0; command < commands; command++) {
    const end = start[(command + 1) * levels]!;
    for (let i = start[command * levels]!; i < end; i++) steps.push(cell[i]!, shift[i]!, latency[i]!);
    while (steps.length % (run * 3) !== 0) steps.push(spare, 31, LONG_AGO);
    stepStart.push(steps.length);
  }
  return [Int32Array.from(steps), Int32Array.from(stepStart)];
}

/** Per command, the levels at which one of its `rows` is of a kind, from the top. */
export function levelsWith(
  rows: readonly TimingConstraint[],
  commands: number,
  kind: (row: TimingConstraint) => boolean,
): Int32Array[] {
  return Array.from({ length: commands }, (_, command) => {
    const levels = new Set(rows.filter((row) => row.preceding === command && kind(row)).map(({ level }) => level));
    return Int32Array.from([...levels].sort((a, b) => a - b));
  });
}
