/**
 * One dimension of a stream: static or dynamic (its extent has symbols), regular or ragged (its extent varies from group
 * to group).
 *
 * A ragged dimension carries its total, the sum of its extents over all enclosing groups: counts stay exact where a
 * product of extents would not be.
 */
import { extentOf, sumOverGroups, symbol } from "../extent/arithmetic.ts";
import type { Extent, ExtentLike } from "../extent/extent.ts";

/** Extent of one dimension of a stream. */
export interface Dimension {
  /** Size of a group; of a ragged dimension, the symbol that stands for all its sizes. */
  readonly extent: Extent;
  /** Sum over all enclosing groups; present exactly if the dimension is ragged. */
  readonly total?: Extent;
}

/** A dimension with the same extent in every group. */
export function regular(extent: ExtentLike): Dimension {
  return { extent: extentOf(extent) };
}

/** A dimension whose extent varies; `name` stands for it, `sum(name)` for its total unless that is known. */
export function ragged(name: string, total?: ExtentLike): Dimension {
  const extent = symbol(name);
  return { extent, total: total === undefined ? sumOverGroups(extent) : extentOf(total) };
}

/** Whether the extent varies from group to group. */
export function isRagged(dimension: Dimension): boolean {
  return dimension.total !== undefined;
}

/** The extent as a number, if it is static and regular. */
export function staticExtent(dimension: Dimension): number | undefined {
  return isRagged(dimension) ? undefined : dimension.extent.value;
}

/** Whether two dimensions are known to be the same. */
export function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.extent === b.extent && a.total === b.total;
}

/** As text: `16`, `B`, `~L` for a ragged dimension, `~L:sum` with a total that does not follow from the name. */
export function printDimension({ extent, total }: Dimension): string {
  if (total === undefined) return extent.text;
  return total === sumOverGroups(extent) ? `~${wrapped(extent)}` : `~${wrapped(extent)}:${wrapped(total)}`;
}

function wrapped(extent: Extent): string {
  return extent.text.includes(" ") || extent.text.includes("*") ? `(${extent.text})` : extent.text;
}
