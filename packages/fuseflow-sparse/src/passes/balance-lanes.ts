/** Deals coordinates to lanes by the work that each brings, instead of in turn. */
import type { FusedRegion } from "../fuse/expand.ts";
import { leavesOf } from "../fuse/fused-node.ts";
import type { StoredTensor } from "../region/netlist.ts";

/**
 * The lane of each item so that lanes have about the same work: heaviest first, each to the lane with the least so far.
 */
export function dealByWork(work: Float64Array, factor: number): readonly number[] {
  const order = [...work.keys()].sort((a, b) => work[b]! - work[a]! || a - b);
  const loads = new Float64Array(factor);
  const deal = new Array<number>(work.length);
  for (const item of order) {
    let least = 0;
    for (let lane = 1; lane < factor; lane++) if (loads[lane]! < loads[least]!) least = lane;
    deal[item] = least;
    loads[least]! += work[item]!;
  }
  return deal;
}

/** The work below each coordinate of an outermost loop: stored entries of the view that has most, or null if none is known. */
export function workOfLoop(
  region: FusedRegion,
  variable: string,
  tensors: ReadonlyMap<string, StoredTensor>,
): Float64Array | null {
  let most: StoredTensor | null = null;
  for (const leaf of region.outputs.flatMap(({ node }) => leavesOf(node))) {
    const stored = tensors.get(leaf.tensor);
    if (stored?.work === undefined || leaf.indices[stored.modeOrder[0]!] !== variable) continue;
    if (most === null || (stored.entries ?? 0) > (most.entries ?? 0)) most = stored;
  }
  return most?.work ?? null;
}
