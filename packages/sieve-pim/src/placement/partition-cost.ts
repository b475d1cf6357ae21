/**
 * What it costs to split the experts of one layer on one GPU between the GPU and its PIM.
 *
 * All experts are of equal size. The GPU reads the weights of its experts once and computes whole tiles of tokens; PIM
 * reads the weights of its experts again for each group of tokens.
 */
import { SieveError } from "../errors.ts";

/** Rates and fixed times, in ns. */
export interface PartitionCost {
  /** Share of the time of PIM in which the GPU cannot read its memory: 0 with stacks of their own, 1 if they exclude each other. */
  readonly interference: number;
  readonly weightBytes: number;
  readonly gpuBytesPerNs: number;
  readonly flopsPerToken: number;
  readonly gpuFlopsPerNs: number;
  /** Tokens of an expert are computed in tiles of so many rows. */
  readonly tileRows: number;
  readonly gpuFixedNs: number;
  readonly pimFixedNs: number;
  /** When the tokens are there. */
  readonly gpuArriveNs: number;
  readonly pimArriveNs: number;
  /** [g]: an expert's time on PIM for g tokens at once, from 0 to as many as share one reading of the weights. */
  readonly pimGroupNs: readonly number[];
  readonly pimNsPerExpert: number;
  /** Tiles run in waves over the multiprocessors; `null`: as if each ran on all of them at once, in its share of the time. */
  readonly waves: WaveRule | null;
}

/** Tiles of the two products of an expert in waves. */
export interface WaveRule {
  readonly multiprocessors: number;
  /** For each product: its tiles for each tile of tokens, and the time of one wave. */
  readonly products: readonly { readonly tiles: number; readonly waveNs: number }[];
}

/**
 * Returns `cost` if every figure is one that times can be made of.
 *
 * @throws {SieveError} `parameters` naming the figure.
 */
export function checkCost(cost: PartitionCost): PartitionCost {
  const { pimGroupNs, waves, ...figures } = cost;
  for (const [name, value] of Object.entries(figures)) {
    const least = name === "tileRows" ? 1 : 0;
    const rate = name === "gpuBytesPerNs" || name === "gpuFlopsPerNs";
    if (value >= least && value <= Number.MAX_VALUE && !(rate && value === 0)) continue;
    throw new SieveError(
      "parameters",
      `${name} is ${value}, expected a number ${rate ? "above" : "of at least"} ${least}`,
      {
        path: name,
        limit: name,
        value,
      },
    );
  }
  if (cost.interference > 1) {
    throw new SieveError("parameters", `interference is ${cost.interference}, expected a share from 0 to 1`, {
      path: "interference",
    });
  }
  if (pimGroupNs.length < 2 || pimGroupNs.some((time, at) => !(time >= (at === 0 ? 0 : pimGroupNs[at - 1]!)))) {
    throw new SieveError("parameters", "pimGroupNs must hold times that do not fall, for 0, 1 and more tokens", {
      path: "pimGroupNs",
    });
  }
  return cost;
}

/** Time of an expert with `tokens` tokens on PIM. */
export function expertPimNs(cost: PartitionCost, tokens: number): number {
  if (tokens === 0) return 0;
  const { pimGroupNs, pimNsPerExpert } = cost;
  const most = pimGroupNs.length - 1;
  return pimNsPerExpert + Math.floor(tokens / most) * pimGroupNs[most]! + pimGroupNs[tokens % most]!;
}

/** Time to read one expert's weights into the GPU. */
export function expertReadNs(cost: PartitionCost): number {
  return cost.weightBytes / cost.gpuBytesPerNs;
}

/** Time of one tile of tokens on the GPU, waves aside. */
export function tileNs(cost: PartitionCost): number {
  return (cost.tileRows * cost.flopsPerToken) / cost.gpuFlopsPerNs;
}

/** Time that the GPU computes for `tiles` tiles of tokens. */
export function computingNs(cost: PartitionCost, tiles: number): number {
  if (cost.waves === null) return tiles * tileNs(cost);
  const { multiprocessors, products } = cost.waves;
  let sum = 0;
  for (const { tiles: each, waveNs } of products) sum += Math.ceil((tiles * each) / multiprocessors) * waveNs;
  return sum;
}

/** What a placement puts on either side. */
export interface PlacementSums {
  /** Experts whose weights the GPU reads. */
  readonly gpuExperts: number;
  /** Tiles that the GPU computes. */
  readonly gpuTiles: number;
  readonly pimExperts: number;
  /** Sum of the times of the experts on PIM. */
  readonly pimWorkNs: number;
  /** Token slots on either side. */
  readonly gpuTokens: number;
  readonly pimTokens: number;
}

/** When the GPU is done; 0 if it has nothing to do. */
export function gpuPathNs(cost: PartitionCost, sums: PlacementSums): number {
  if (sums.gpuExperts === 0) return 0;
  const read = sums.gpuExperts * expertReadNs(cost) + cost.interference * sums.pimWorkNs;
  return cost.gpuArriveNs + cost.gpuFixedNs + Math.max(read, computingNs(cost, sums.gpuTiles));
}

/** When PIM is done; 0 if it has nothing to do. */
export function pimPathNs(cost: PartitionCost, sums: PlacementSums): number {
  if (sums.pimExperts === 0) return 0;
  return cost.pimArriveNs + cost.pimFixedNs + sums.pimWorkNs;
}

/** Sums of the placement `onPim` of `counts`; of the expert of `split` so many tokens are on PIM, the rest on the GPU. */
export function placementSums(
  cost: PartitionCost,
  counts: ArrayLike<number>,
  onPim: ArrayLike<number>,
  split: TokenSplit | null = null,
): PlacementSums {
  let gpuExperts = 0;
  let gpuTiles = 0;
  let pimExperts = 0;
  let pimWorkNs = 0;
  let gpuTokens = 0;
  let pimTokens = 0;
  const { tileRows, pimGroupNs, pimNsPerExpert } = cost;
  const oneByOne = pimGroupNs.length === 2;
  for (let expert = 0; expert < counts.length; expert++) {
    const tokens = counts[expert]!;
    if (tokens === 0) continue;
    const away = split !== null && split.expert === expert ? split.pimTokens : onPim[expert] === 1 ? tokens : 0;
    if (away > 0) {
      pimExperts += 1;
      pimTokens += away;
      if (!oneByOne) pimWorkNs += expertPimNs(cost, away);
    }
    if (tokens > away) {
      gpuExperts += 1;
      gpuTokens += tokens - away;
      gpuTiles += Math.ceil((tokens - away) / tileRows);
    }
  }
  if (oneByOne) pimWorkNs = pimTokens * pimGroupNs[1]! + pimExperts * pimNsPerExpert;
  return { gpuExperts, gpuTiles, pimExperts, pimWorkNs, gpuTokens, pimTokens };
}

/** One expert of which some tokens go to PIM and the rest to the GPU. */
export interface TokenSplit {
  readonly expert: number;
  readonly pimTokens: number;
}

/** Time of a placement: both sides and the later of them. */
export function placementNs(cost: PartitionCost, sums: PlacementSums): number {
  return Math.max(gpuPathNs(cost, sums), pimPathNs(cost, sums));
}
