/** How many legal loop orders regions have, as the paper counts them and with uses of a result merged. */
import { expandRegion, type FusedRegion } from "../fuse/expand.ts";
import { visitNodes } from "../fuse/fused-node.ts";
import { countOrders } from "../fuse/orders.ts";
import { findCycle, type OrderArc, type PartialOrder, partialOrder } from "../fuse/partial-order.ts";
import type { EinsumProgram } from "../program/program.ts";
import type { StoredTensor } from "../region/netlist.ts";
import type { RegionSchedule } from "../schedule/schedule.ts";

/** Numbers of orders of a region, as decimal text: they go far beyond 2^53. */
export interface OrderCounts {
  readonly region: string;
  /** Loops where every use of a result has loops of its own. */
  readonly loops: number;
  /** Orders that storage allows. Null where counting takes too long. */
  readonly unconstrained: string | null;
  /** Orders that also keep the loops of each operation as written: its operands' indices from left to right. */
  readonly constrained: string | null;
  /** As `unconstrained`, with equal uses of a result computed once. */
  readonly merged: string | null;
}

/** Subsets of loops that are looked at before a count is given up. */
const MOST = 20_000;

/**
 * Counts the orders of regions; nothing is listed. `tensors` says how everything is stored that a region reads; a region with
 * none reads two tensors in orders that do not fit, and needs a copy.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), table 4.
 */
export function orderCounts(
  program: EinsumProgram,
  regions: readonly RegionSchedule[],
  tensors: ReadonlyMap<string, StoredTensor>,
): readonly OrderCounts[] {
  const count = (partial: PartialOrder): string | null =>
    findCycle(partial) === null ? (countOrders(partial, MOST)?.toString() ?? null) : "0";
  return regions.map((region) => {
    const copies = expandRegion(program, region, { uses: "copies" });
    const partial = partialOrder(copies, tensors);
    return {
      region: region.name,
      loops: copies.variables.length,
      unconstrained: count(partial),
      constrained: count({ ...partial, arcs: [...partial.arcs, ...writtenOrders(copies)] }),
      merged: count(partialOrder(expandRegion(program, region), tensors)),
    };
  });
}

/** The loops of every operation in the order in which its operands name them. */
function writtenOrders(region: FusedRegion): readonly OrderArc[] {
  const arcs = new Map<string, OrderArc>();
  for (const { node } of region.outputs) {
    visitNodes(node, ({ kind, variables }) => {
      if (kind !== "combine") return;
      for (const [at, after] of variables.entries()) {
        const before = variables[at - 1];
        if (before !== undefined) arcs.set(`${before} ${after}`, { before, after, reason: "as written" });
      }
    });
  }
  return [...arcs.values()];
}
