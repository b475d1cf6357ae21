/**
 * Breaks cycles of a partial order: one view of each cycle reads a copy of its tensor that is stored in the order of the
 * loops. The copy is made once, before the region runs.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 5: conflicting views materialise a permuted copy. The view
 * with the fewest entries is taken.
 */
import type { StoredTensor } from "../region/netlist.ts";
import type { FusedOutput, FusedRegion } from "./expand.ts";
import type { FusedNode, LeafNode } from "./fused-node.ts";
import { leavesOf } from "./fused-node.ts";
import { firstOrder } from "./orders.ts";
import { findCycle, type OrderArc, type PartialOrder } from "./partial-order.ts";

/** A copy of a tensor in another order of its modes. */
export interface Transpose {
  readonly tensor: string;
  /** Name of the copy. */
  readonly copy: string;
  readonly modeOrder: readonly number[];
  /** The arcs of the cycle that it breaks, in words. */
  readonly reasons: readonly string[];
}

/** A region without cycles, and the copies that it reads. */
export interface BrokenCycles {
  readonly region: FusedRegion;
  readonly transposes: readonly Transpose[];
  readonly partial: PartialOrder;
}

/** Breaks every cycle of `partial`; null if one has no stored view on it. */
export function breakCycles(
  region: FusedRegion,
  partial: PartialOrder,
  tensors: ReadonlyMap<string, StoredTensor>,
): BrokenCycles | null {
  const freed = new Map<string, { readonly leaf: LeafNode; readonly reasons: readonly string[] }>();
  let left = partial;
  for (let cycle = findCycle(left); cycle !== null; cycle = findCycle(left)) {
    const leaf = cheapest(cycle, region, tensors);
    if (leaf === null) return null;
    freed.set(viewKey(leaf), { leaf, reasons: cycle.map(({ reason }) => reason) });
    const own = storedArcs(leaf, tensors);
    left = {
      ...left,
      arcs: left.arcs.filter((arc) => arc.tensor !== leaf.tensor || !own.has(`${arc.before} ${arc.after}`)),
    };
  }
  const order = firstOrder(left)!;
  const copies = new Map<string, string>();
  const transposes: Transpose[] = [];
  for (const [key, { leaf, reasons }] of freed) {
    const modeOrder = leaf.indices
      .map((_, mode) => mode)
      .sort((a, b) => order.indexOf(leaf.indices[a]!) - order.indexOf(leaf.indices[b]!));
    const copy = `${leaf.tensor}.${modeOrder.join("")}`;
    copies.set(key, copy);
    if (!transposes.some((made) => made.copy === copy)) {
      transposes.push({ tensor: leaf.tensor, copy, modeOrder, reasons });
    }
  }
  const outputs = region.outputs.map((output): FusedOutput => ({ ...output, node: renamed(output.node, copies) }));
  return { region: { ...region, outputs }, transposes, partial: left };
}

function viewKey({ tensor, indices }: LeafNode): string {
  return `${tensor}(${indices.join()})`;
}

function storedArcs(leaf: LeafNode, tensors: ReadonlyMap<string, StoredTensor>): ReadonlySet<string> {
  const order = tensors.get(leaf.tensor)!.modeOrder.map((mode) => leaf.indices[mode]!);
  return new Set(order.slice(1).map((after, at) => `${order[at]} ${after}`));
}

/** The view on the cycle whose copy has the fewest entries. */
function cheapest(
  cycle: readonly OrderArc[],
  region: FusedRegion,
  tensors: ReadonlyMap<string, StoredTensor>,
): LeafNode | null {
  const leaves = region.outputs.flatMap(({ node }) => leavesOf(node));
  let best: LeafNode | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const { before, after, tensor } of cycle) {
    for (const leaf of leaves) {
      if (leaf.tensor !== tensor || !storedArcs(leaf, tensors).has(`${before} ${after}`)) continue;
      const stored = tensors.get(tensor)!;
      const entries = stored.entries ?? stored.shape.reduce((product, extent) => product * extent, 1);
      if (entries < least) [best, least] = [leaf, entries];
    }
  }
  return best;
}

function renamed(node: FusedNode, copies: ReadonlyMap<string, string>): FusedNode {
  switch (node.kind) {
    case "leaf":
      return { ...node, tensor: copies.get(viewKey(node)) ?? node.tensor };
    case "combine":
      return { ...node, operands: node.operands.map((operand) => renamed(operand, copies)) };
    default:
      return { ...node, operand: renamed(node.operand, copies) };
  }
}
