/** From the router of a layer to the combined results of its experts, on all GPUs. */
import type { LayerCosts } from "../device/layer-costs.ts";
import { exchangeNs } from "../device/link-cost.ts";
import { expertBytes } from "../model/accounting.ts";
import type { PimTokenTimes } from "../pim/token-times.ts";
import { type ExpertMap, spreadCounts } from "../placement/expert-map.ts";
import {
  gpuPathNs,
  type PartitionCost,
  type PlacementSums,
  pimPathNs,
  placementSums,
} from "../placement/partition-cost.ts";
import type { Policy } from "../policy/policy.ts";

/** What one layer and step give the experts to do. */
export interface ExpertLoad {
  /** Tokens per expert. */
  readonly counts: Uint32Array;
  /** Tokens on all GPUs. */
  readonly tokens: number;
  readonly prefill: boolean;
  /** Mean share of the slots of each expert. */
  readonly shares: Float64Array;
  /** Which GPU holds which experts. */
  readonly map: ExpertMap;
  /** [gpu]: 1 for each held expert whose weights PIM can read; `null` for all. */
  readonly resident: readonly Uint8Array[] | null;
}

/** Times of one layer, in ns from the end of its router. Owned and reused by the phase. */
export interface ExpertTimes {
  dispatchNs: number;
  decisionNs: number;
  sharedNs: number;
  /** When the last GPU and the last PIM are done. */
  expertsNs: number;
  combineNs: number;
  /** Busy time of all GPUs and of all their PIM, shared experts included. */
  gpuBusyNs: number;
  pimBusyNs: number;
  /** Bytes of weights that GPUs and PIM read. */
  gpuWeightBytes: number;
  pimWeightBytes: number;
  /** Token slots of experts on either side. */
  gpuSlots: number;
  pimSlots: number;
  pimExperts: number;
}

/** Runs layer after layer under one policy, without allocating. */
export class ExpertPhase {
  readonly #costs: LayerCosts;
  readonly #policy: Policy;
  /** [gpu]: tokens of each of its experts, and where they run: of the last layer. */
  readonly counts: readonly Uint32Array[];
  readonly onPim: readonly Uint8Array[];
  /** [gpu]: when the GPU and its PIM were done in the last layer, 0 where they had nothing to do. */
  readonly gpuNs: Float64Array;
  readonly pimNs: Float64Array;
  readonly times: ExpertTimes;
  readonly #average: readonly Float64Array[];

  readonly #tokenTimes: PimTokenTimes | null;

  /** `slots` is the number of experts that each GPU holds; `tokenTimes` gives PIM's times in place of the closed form. */
  constructor(costs: LayerCosts, policy: Policy, slots: readonly number[], tokenTimes: PimTokenTimes | null = null) {
    this.#tokenTimes = tokenTimes;
    this.#costs = costs;
    this.#policy = policy;
    this.counts = slots.map((experts) => new Uint32Array(experts));
    this.onPim = slots.map((experts) => new Uint8Array(experts));
    this.#average = slots.map((experts) => new Float64Array(experts));
    this.gpuNs = new Float64Array(slots.length);
    this.pimNs = new Float64Array(slots.length);
    this.times = {
      dispatchNs: 0,
      decisionNs: 0,
      sharedNs: 0,
      expertsNs: 0,
      combineNs: 0,
      gpuBusyNs: 0,
      pimBusyNs: 0,
      gpuWeightBytes: 0,
      pimWeightBytes: 0,
      gpuSlots: 0,
      pimSlots: 0,
      pimExperts: 0,
    };
  }

  /** Runs one layer; returns `times`. */
  run(load: ExpertLoad): ExpertTimes {
    const { times } = this;
    const { hardware, links, dense } = this.#costs;
    spreadCounts(load.map, load.counts, this.counts);
    const perRank = Math.ceil(load.tokens / hardware.gpus);
    const imbalance = this.#imbalance();
    times.dispatchNs = exchangeNs(links.dispatch, perRank, imbalance);
    times.combineNs = exchangeNs(links.combine, perRank, imbalance);
    times.decisionNs = this.#policy.decides ? hardware.decisionNs : 0;
    times.sharedNs = dense.sharedNs(perRank);
    const ready = hardware.decisionHidden
      ? Math.max(times.dispatchNs, times.decisionNs)
      : times.decisionNs + times.dispatchNs;
    const cost = this.#costs.partitionCost(load.tokens, { gpuNs: Math.max(ready, times.sharedNs), pimNs: ready });
    times.expertsNs = Math.max(ready, times.sharedNs);
    times.gpuBusyNs = times.sharedNs * hardware.gpus;
    times.pimBusyNs = 0;
    times.gpuWeightBytes = 0;
    times.pimWeightBytes = 0;
    times.gpuSlots = 0;
    times.pimSlots = 0;
    times.pimExperts = 0;
    for (let gpu = 0; gpu < hardware.gpus; gpu++) this.#runGpu(gpu, load, cost);
    return times;
  }

  #imbalance(): number {
    let most = 0;
    let all = 0;
    for (const counts of this.counts) {
      let own = 0;
      for (let at = 0; at < counts.length; at++) own += counts[at]!;
      if (own > most) most = own;
      all += own;
    }
    return all === 0 ? 1 : (most * this.counts.length) / all;
  }

  #runGpu(gpu: number, load: ExpertLoad, cost: PartitionCost): void {
    const { times } = this;
    const counts = this.counts[gpu]!;
    const onPim = this.onPim[gpu]!;
    const resident = load.resident?.[gpu];
    const average = this.#policy.averages ? this.#averageOf(gpu, load) : undefined;
    const problem = { cost, counts, resident, average, prefill: load.prefill };
    this.#policy.place(problem, onPim);
    const sums = placementSums(cost, counts, onPim, this.#policy.split?.(problem, onPim) ?? null);
    const gpuNs = gpuPathNs(cost, sums);
    const pimNs = this.#pimNs(cost, sums);
    this.gpuNs[gpu] = gpuNs;
    this.pimNs[gpu] = pimNs;
    times.expertsNs = Math.max(times.expertsNs, gpuNs, pimNs);
    if (gpuNs > 0) times.gpuBusyNs += gpuNs - cost.gpuArriveNs;
    if (pimNs > 0) times.pimBusyNs += pimNs - cost.pimArriveNs;
    const bytes = expertBytes(this.#costs.model);
    times.gpuWeightBytes += sums.gpuExperts * bytes;
    times.pimExperts += sums.pimExperts;
    times.pimSlots += sums.pimTokens;
    times.gpuSlots += sums.gpuTokens;
    times.pimWeightBytes += (sums.pimTokens * bytes) / (cost.pimGroupNs.length - 1);
  }

  /** By the closed form, or command by command from the start of a refresh interval. */
  #pimNs(cost: PartitionCost, sums: PlacementSums): number {
    const closed = pimPathNs(cost, sums);
    if (this.#tokenTimes === null || sums.pimTokens === 0) return closed;
    const moved = cost.pimGroupNs[1]! - this.#costs.pim.groupNs[1]!;
    return closed + this.#tokenTimes.ns(sums.pimTokens) + sums.pimTokens * moved - sums.pimTokens * cost.pimGroupNs[1]!;
  }

  #averageOf(gpu: number, { shares, map, tokens }: ExpertLoad): Float64Array {
    const average = this.#average[gpu]!;
    const held = map.held[gpu]!;
    const slots = tokens * this.#costs.model.topK;
    for (let at = 0; at < held.length; at++) average[at] = (shares[held[at]!]! * slots) / map.copies[held[at]!]!;
    return average;
  }
}
