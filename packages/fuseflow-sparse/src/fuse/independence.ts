import type { FusedRegion } from "./expand.ts";
import { visitNodes } from "./fused-node.ts";
import type { Independence } from "./orders.ts";

/** Which loops of a region lower to the same graph whichever is outside: no node has both. */
export function independenceOf(region: FusedRegion): Independence {
  const together = new Set<string>();
  for (const { node } of region.outputs) {
    visitNodes(node, ({ variables }) => {
      for (const a of variables) for (const b of variables) together.add(`${a} ${b}`);
    });
  }
  return (a, b) => !together.has(`${a} ${b}`);
}
