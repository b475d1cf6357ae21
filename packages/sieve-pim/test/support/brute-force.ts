import { type PartitionCost, placementNs, placementSums } from "../../src/index.ts";

/** The least time over all placements of up to 16 experts, each tried. */
export function bruteForceNs(cost: PartitionCost, counts: readonly number[], resident?: readonly number[]): number {
  const movable = counts.flatMap((tokens, expert) => (tokens > 0 && (resident?.[expert] ?? 1) === 1 ? [expert] : []));
  let best = Number.POSITIVE_INFINITY;
  for (let set = 0; set < 2 ** movable.length; set++) {
    const onPim = new Uint8Array(counts.length);
    for (const [bit, expert] of movable.entries()) onPim[expert] = (set >> bit) & 1;
    best = Math.min(best, placementNs(cost, placementSums(cost, counts, onPim)));
  }
  return best;
}

/** A cost like that of Qwen3-30B-A3B on an H200, changed as given. */
export function typicalCost(changes: Partial<PartitionCost> = {}): PartitionCost {
  return {
    interference: 0,
    weightBytes: 9437184,
    gpuBytesPerNs: 3840,
    flopsPerToken: 9437184,
    gpuFlopsPerNs: 494500,
    tileRows: 64,
    gpuFixedNs: 15000,
    pimFixedNs: 2000,
    gpuArriveNs: 0,
    pimArriveNs: 0,
    pimGroupNs: [0, 490.622],
    pimNsPerExpert: 0,
    waves: null,
    ...changes,
  };
}
