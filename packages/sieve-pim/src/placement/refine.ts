/** Improves a placement where whole tiles decide: single moves and swaps, and one expert whose tokens are split. */
import {
  expertPimNs,
  type PartitionCost,
  type PlacementSums,
  placementNs,
  placementSums,
  type TokenSplit,
} from "./partition-cost.ts";

const GAIN_NS = 1e-9;

/** A refined placement. */
export interface RefinedPlacement {
  readonly onPim: Uint8Array;
  readonly sums: PlacementSums;
  readonly split: TokenSplit | null;
  readonly layerNs: number;
}

/** Moves single experts and swaps pairs while the time falls, always the change that helps most. */
export function refine(
  cost: PartitionCost,
  counts: ArrayLike<number>,
  start: ArrayLike<number>,
  resident?: ArrayLike<number>,
): RefinedPlacement {
  const onPim = Uint8Array.from(start);
  let sums = placementSums(cost, counts, onPim);
  let layerNs = placementNs(cost, sums);
  for (;;) {
    const best = bestChange({ cost, counts, onPim, sums, layerNs, resident });
    if (best === null) return { onPim, sums, split: null, layerNs };
    for (const expert of best.flipped) onPim[expert] = onPim[expert] === 1 ? 0 : 1;
    // Summed anew, so that rounding does not pile up over many changes.
    sums = placementSums(cost, counts, onPim);
    layerNs = placementNs(cost, sums);
  }
}

interface Current {
  readonly cost: PartitionCost;
  readonly counts: ArrayLike<number>;
  readonly onPim: Uint8Array;
  readonly sums: PlacementSums;
  readonly layerNs: number;
  readonly resident: ArrayLike<number> | undefined;
}

function bestChange(current: Current): { readonly flipped: readonly number[] } | null {
  const { cost, sums, layerNs } = current;
  // Experts with equal counts are alike: one of each count and side is enough.
  const pim = representatives(current, 1);
  const gpu = representatives(current, 0);
  let best: readonly number[] | null = null;
  let bestNs = layerNs - GAIN_NS;
  const consider = (flipped: readonly number[]): void => {
    const time = placementNs(cost, changed(current, sums, flipped));
    if (time >= bestNs) return;
    best = flipped;
    bestNs = time;
  };
  for (const expert of pim) consider([expert]);
  for (const expert of gpu) consider([expert]);
  for (const out of pim) for (const into of gpu) consider([out, into]);
  return best === null ? null : { flipped: best };
}

function representatives({ counts, onPim, resident }: Current, side: number): number[] {
  const byCount = new Map<number, number>();
  for (let expert = 0; expert < counts.length; expert++) {
    const tokens = counts[expert]!;
    if (tokens === 0 || onPim[expert] !== side || byCount.has(tokens)) continue;
    if (resident === undefined || resident[expert] === 1) byCount.set(tokens, expert);
  }
  return [...byCount.values()];
}

function changed({ cost, counts, onPim }: Current, sums: PlacementSums, flipped: readonly number[]): PlacementSums {
  let { gpuExperts, gpuTiles, pimExperts, pimWorkNs, gpuTokens, pimTokens } = sums;
  for (const expert of flipped) {
    const sign = onPim[expert] === 1 ? -1 : 1;
    const tokens = counts[expert]!;
    pimExperts += sign;
    gpuExperts -= sign;
    pimWorkNs += sign * expertPimNs(cost, tokens);
    gpuTiles -= sign * Math.ceil(tokens / cost.tileRows);
    gpuTokens -= sign * tokens;
    pimTokens += sign * tokens;
  }
  return { gpuExperts, gpuTiles, pimExperts, pimWorkNs, gpuTokens, pimTokens };
}

/**
 * Splits the tokens of one expert next to the boundary if that saves time: both sides then read its weights.
 *
 * Candidates are the busiest expert on PIM and the least busy one on the GPU; for each the best number of tokens.
 */
export function splitBoundary(
  cost: PartitionCost,
  counts: ArrayLike<number>,
  placement: RefinedPlacement,
  resident?: ArrayLike<number>,
): RefinedPlacement {
  let best = placement;
  for (const expert of boundary(counts, placement.onPim, resident)) {
    const split = bestSplit(cost, counts, placement.onPim, expert);
    if (split !== null && split.layerNs < best.layerNs - GAIN_NS) best = split;
  }
  return best;
}

function boundary(counts: ArrayLike<number>, onPim: Uint8Array, resident?: ArrayLike<number>): number[] {
  let busiest = -1;
  let idlest = -1;
  for (let expert = 0; expert < counts.length; expert++) {
    const tokens = counts[expert]!;
    if (tokens < 2 || (resident !== undefined && resident[expert] !== 1)) continue;
    if (onPim[expert] === 1) busiest = busiest < 0 || tokens > counts[busiest]! ? expert : busiest;
    else idlest = idlest < 0 || tokens < counts[idlest]! ? expert : idlest;
  }
  return [busiest, idlest].filter((expert) => expert >= 0);
}

function bestSplit(
  cost: PartitionCost,
  counts: ArrayLike<number>,
  onPim: Uint8Array,
  expert: number,
): RefinedPlacement | null {
  let best: RefinedPlacement | null = null;
  const rest = Uint8Array.from(onPim);
  rest[expert] = 0;
  const without = placementSums(cost, counts, rest);
  const tokens = counts[expert]!;
  const ownTiles = Math.ceil(tokens / cost.tileRows);
  for (let pimTokens = 1; pimTokens < tokens; pimTokens++) {
    const sums = {
      gpuExperts: without.gpuExperts,
      gpuTiles: without.gpuTiles - ownTiles + Math.ceil((tokens - pimTokens) / cost.tileRows),
      pimExperts: without.pimExperts + 1,
      pimWorkNs: without.pimWorkNs + expertPimNs(cost, pimTokens),
      gpuTokens: without.gpuTokens - pimTokens,
      pimTokens: without.pimTokens + pimTokens,
    };
    const layerNs = placementNs(cost, sums);
    if (best === null || layerNs < best.layerNs - GAIN_NS) {
      best = { onPim: rest, sums, split: { expert, pimTokens }, layerNs };
    }
  }
  return best;
}
