import { type DramSpec, transactionBytes } from "@millrace/sim-core";

/**
 * The most bytes that a channel can move in a tick: reads back to back, spread over all banks. Each node of the tree can
 * pass no more than its own spacing of reads allows, and no more than its children together.
 */
export function peakBytesPerTick(spec: DramSpec): number {
  const read = spec.commands.findIndex(({ name }) => name === "RD");
  const spacing = new Array<number>(spec.bankLevel + 1).fill(1);
  for (const { level, preceding, following, latency, window, sibling } of spec.constraints) {
    if (preceding !== read || following !== read || sibling) continue;
    spacing[level] = Math.max(spacing[level]!, latency / window);
  }
  let rate = 1 / spacing[spec.bankLevel]!;
  for (let level = spec.bankLevel - 1; level >= 0; level--) {
    rate = Math.min(1 / spacing[level]!, rate * spec.counts[level + 1]!);
  }
  return rate * transactionBytes(spec);
}
