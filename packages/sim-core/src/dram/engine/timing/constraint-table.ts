/**
 * Which rows of a spec matter to a controller.
 *
 * Rows that can never decide are left out: commands the controller never issues, and rows under a wider or equal row of
 * the same pair that waits at least as long.
 */
import type { DramSpec, TimingConstraint } from "../../spec/dram-spec.ts";

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
