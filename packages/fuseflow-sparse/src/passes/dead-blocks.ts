/** Drops blocks from which no writer is reached. */
import type { NetBlock } from "../region/netlist.ts";

/** The blocks that matter to a result. */
export function deadBlocks(blocks: readonly NetBlock[]): readonly NetBlock[] {
  const needed = new Set<string>();
  const kept: NetBlock[] = [];
  for (const entry of blocks.toReversed()) {
    const { block, inputs } = entry;
    if (block.type !== "write-level" && block.type !== "write-values" && !needed.has(block.id)) continue;
    for (const from of Object.values(inputs)) needed.add(from.block);
    kept.push(entry);
  }
  return kept.reverse();
}
