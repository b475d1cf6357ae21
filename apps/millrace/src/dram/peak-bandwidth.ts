/** The ceiling of a part: what its own timings let pass when nothing stands in the way. */
import { type DramSpec, transactionBytes } from "@millrace/sim-core";

/** Where a part is narrowest for reads back to back, spread over all banks. */
export interface PartPeak {
  /** Level whose nodes have a data bus each. */
  readonly busLevel: number;
  /** Ticks between two accesses on such a bus. */
  readonly spacing: number;
  readonly bytesPerTick: number;
}

/**
 * The peak of one channel. Each node of the tree can pass no more than its own spacing of reads allows, and no more than
 * its children together.
 */
export function peakOfPart(spec: DramSpec): PartPeak {
  const read = spec.commands.findIndex(({ name }) => name === "RD");
  const spacings = new Array<number>(spec.bankLevel + 1).fill(1);
  for (const { level, preceding, following, latency, window, sibling } of spec.constraints) {
    if (preceding !== read || following !== read || sibling) continue;
    spacings[level] = Math.max(spacings[level]!, latency / window);
  }
  let busLevel = spec.bankLevel;
  let spacing = spacings[busLevel]!;
  let buses = 1;
  for (let level = spec.bankLevel - 1; level >= 0; level--) {
    buses *= spec.counts[level + 1]!;
    if (spacings[level]! * buses <= spacing) continue;
    busLevel = level;
    spacing = spacings[level]!;
    buses = 1;
  }
  return { busLevel, spacing, bytesPerTick: (transactionBytes(spec) * buses) / spacing };
}
