/** Times that no placement can beat: linear relaxations in which parts of experts may be moved. */
import { computingNs, expertPimNs, expertReadNs, type PartitionCost, tileNs, type WaveRule } from "./partition-cost.ts";

/**
 * A lower bound on the time of every placement, split tokens aside.
 *
 * With some experts on either side, the GPU needs at least its reading time and at least its computing time. For each of
 * the two alone, moving the experts that save most for their time on PIM is best if parts may be moved; the later of the
 * two relaxed optima bounds those placements. The two placements with everything on one side are looked at as they are.
 */
export function lowerBoundNs(cost: PartitionCost, counts: ArrayLike<number>, resident?: ArrayLike<number>): number {
  const items: Item[] = [];
  let tiles = 0;
  let experts = 0;
  for (let expert = 0; expert < counts.length; expert++) {
    const tokens = counts[expert]!;
    if (tokens === 0) continue;
    experts += 1;
    const own = Math.ceil(tokens / cost.tileRows);
    tiles += own;
    if (resident === undefined || resident[expert] === 1) items.push({ pimNs: expertPimNs(cost, tokens), tiles: own });
  }
  if (experts === 0) return 0;
  const reading = experts * expertReadNs(cost);
  // Waves are at least as long as their tiles' shares of them.
  const perTile = cost.waves === null ? tileNs(cost) : waveShareNs(cost.waves);
  const computing = tiles * perTile;
  const gpuStart = cost.gpuArriveNs + cost.gpuFixedNs;
  const pimStart = cost.pimArriveNs + cost.pimFixedNs;
  const onGpu = gpuStart + Math.max(reading, computingNs(cost, tiles));
  const byReading = relaxed({
    items: items.map(({ pimNs }) => ({ pimNs, savedNs: expertReadNs(cost) - cost.interference * pimNs })),
    gpuNs: gpuStart + reading,
    pimNs: pimStart,
  });
  const byComputing = relaxed({
    items: items.map((item) => ({ pimNs: item.pimNs, savedNs: item.tiles * perTile })),
    gpuNs: gpuStart + computing,
    pimNs: pimStart,
  });
  // A hair less, more than what rounding may have added.
  const mixed = Math.max(byReading, byComputing) * (1 - 1e-12);
  if (items.length < experts) return Math.min(onGpu, mixed);
  const onPim = pimStart + items.reduce((sum, { pimNs }) => sum + pimNs, 0);
  return Math.min(onGpu, onPim, mixed);
}

function waveShareNs({ multiprocessors, products }: WaveRule): number {
  return products.reduce((sum, { tiles, waveNs }) => sum + (tiles / multiprocessors) * waveNs, 0);
}

interface Item {
  readonly pimNs: number;
  readonly tiles: number;
}

interface Relaxation {
  /** What an expert costs PIM, and what its move saves the GPU. */
  readonly items: { readonly pimNs: number; readonly savedNs: number }[];
  /** Times before anything is moved. */
  readonly gpuNs: number;
  readonly pimNs: number;
}

/** The least possible later time of the two if parts of items may be moved. */
function relaxed({ items, gpuNs, pimNs }: Relaxation): number {
  items.sort((a, b) => b.savedNs * a.pimNs - a.savedNs * b.pimNs);
  let gpu = gpuNs;
  let pim = pimNs;
  for (const item of items) {
    if (item.savedNs <= 0 || pim >= gpu) break;
    if (pim + item.pimNs < gpu - item.savedNs) {
      pim += item.pimNs;
      gpu -= item.savedNs;
      continue;
    }
    const part = (gpu - pim) / (item.pimNs + item.savedNs);
    return pim + part * item.pimNs;
  }
  return Math.max(gpu, pim);
}
