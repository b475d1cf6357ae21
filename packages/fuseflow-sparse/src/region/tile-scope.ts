/** What lowering knows of tiles: their size, and the loops that walk blocks of coordinates. */
import type { FusedRegion } from "../fuse/expand.ts";
import { type FusedNode, type LeafNode, leavesOf } from "../fuse/fused-node.ts";
import { keepsZero } from "../program/patterns.ts";
import type { StoredTensor } from "./netlist.ts";

/** The tiles of a region. */
export interface TileScope {
  readonly size: number;
  /** Variables whose coordinates are blocks of `size`. */
  readonly blocked: ReadonlySet<string>;
}

/** The tiles of a region, by those of the tensors it reads; null where values are numbers. */
export function tileScopeOf(region: FusedRegion, tensors: ReadonlyMap<string, StoredTensor>): TileScope | null {
  const blocked = new Set<string>();
  let size = 1;
  for (const leaf of region.outputs.flatMap(({ node }) => leavesOf(node))) {
    const tile = tensors.get(leaf.tensor)?.tile ?? [];
    for (const [mode, extent] of tile.entries()) {
      if (extent === 1) continue;
      size = extent;
      blocked.add(leaf.indices[mode]!);
    }
  }
  return blocked.size === 0 ? null : { size, blocked };
}

/** Axes of the tiles of a stored view: the modes that have one, in the order of modes. */
export function viewAxes({ tile }: StoredTensor, indices: readonly string[]): readonly string[] {
  return indices.filter((_, mode) => (tile?.[mode] ?? 1) > 1);
}

/**
 * Whether every tile of a node has its true extent along `variable`, or is zero. A tile that was never stored, or summed over
 * nothing, is zero; a function of it that is not zero is the same everywhere, which says nothing of where the tensor ends.
 */
export function knowsExtent(node: FusedNode, variable: string): boolean {
  if (!node.variables.includes(variable)) return false;
  switch (node.kind) {
    case "leaf":
      return true;
    case "map":
      return keepsZero(node.operation, node.constant) && knowsExtent(node.operand, variable);
    case "combine": {
      const known = node.operands.map((operand) => knowsExtent(operand, variable));
      if (node.operation === "mul") return known.includes(true);
      return node.operation === "div" ? known[0]! : known.every(Boolean);
    }
    case "reduce":
      return knowsExtent(node.operand, variable);
  }
}

/** The node times a tensor of ones along `variable`, which gives its tiles their extents. */
export function withExtent(node: FusedNode, variable: string, ones: string): FusedNode {
  const leaf: LeafNode = { kind: "leaf", tensor: ones, indices: [variable], variables: [variable] };
  const operands = [node, leaf];
  const { variables, tensor } = node;
  const how = { operation: "mul", meeting: "pattern", pattern: 0 } as const;
  return { kind: "combine", ...how, operands, results: [tensor], variables, tensor };
}
