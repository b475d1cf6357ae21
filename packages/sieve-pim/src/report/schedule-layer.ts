/** One layer decided on and explained: which experts run on PIM, what either side takes, and how good that is. */
import { memoryPlan } from "../device/capacity.ts";
import { LayerCosts } from "../device/layer-costs.ts";
import { type Contention, contentions, type Hardware } from "../hardware/hardware.ts";
import type { MoeModel } from "../model/moe-model.ts";
import { plainMap, spreadCounts } from "../placement/expert-map.ts";
import { lowerBoundNs } from "../placement/lower-bound.ts";
import {
  computingNs,
  expertReadNs,
  gpuPathNs,
  type PartitionCost,
  type PlacementSums,
  pimPathNs,
  placementSums,
  type TokenSplit,
} from "../placement/partition-cost.ts";
import { Residency } from "../placement/residency.ts";
import type { Policy } from "../policy/policy.ts";
import { checkCounts } from "../routing/token-counts.ts";

/** The decision on one layer. Times are those of the experts alone, from when the tokens are there. */
export interface LayerSchedule {
  /** Experts on PIM as a whole, rising. */
  readonly onPim: readonly number[];
  /** Experts of which so many tokens go to PIM and the rest to the GPU: at most one of each GPU. */
  readonly splits: readonly TokenSplit[];
  /** When the last GPU and the last PIM are done; 0 for a side without work. */
  readonly gpuNs: number;
  readonly pimNs: number;
  /** The later of the two. */
  readonly layerNs: number;
  /** No placement of whole experts is faster than this. */
  readonly lowerBoundNs: number;
}

/** What is decided on. */
export interface ScheduleOptions {
  readonly model: MoeModel;
  readonly hardware: Hardware;
  readonly policy: Policy;
  /** Tokens of each expert of the layer. */
  readonly counts: Uint32Array;
}

/** What one GPU and its PIM do; the lists are parallel. */
export interface GpuPlacement {
  /** Experts that the GPU holds, and the tokens of each. */
  readonly experts: readonly number[];
  readonly tokens: readonly number[];
  /** How many of the tokens of each go to PIM. */
  readonly pimTokens: readonly number[];
  /** When the GPU and its PIM are done; 0 for a side without work. */
  readonly gpuNs: number;
  readonly pimNs: number;
}

/** The decision with what it was made from, GPU by GPU. */
export interface ExplainedSchedule extends LayerSchedule {
  readonly explain: string;
  readonly gpus: readonly GpuPlacement[];
  /** The same policy under other contentions. */
  readonly beside: readonly { readonly contention: Contention; readonly schedule: LayerSchedule }[];
}

interface GpuShare {
  readonly experts: Int32Array;
  readonly counts: Uint32Array;
  readonly onPim: Uint8Array;
  readonly split: TokenSplit | null;
  readonly sums: PlacementSums;
  readonly gpuNs: number;
  readonly pimNs: number;
  readonly boundNs: number;
}

interface Decision extends LayerSchedule {
  readonly costs: LayerCosts;
  readonly cost: PartitionCost;
  readonly shares: readonly GpuShare[];
}

/**
 * Decides on a layer.
 *
 * @throws {SieveError} `counts` if they do not fit the model, `capacity` if the model does not fit the node.
 */
export function scheduleLayer(options: ScheduleOptions): LayerSchedule {
  const { onPim, splits, gpuNs, pimNs, layerNs, lowerBoundNs: bound } = decide(options);
  return { onPim, splits, gpuNs, pimNs, layerNs, lowerBoundNs: bound };
}

/** Decides on a layer and says why, with the contentions `exclusive` and `dual-row-buffer` (or `disjoint`) beside it. */
export function explainLayer(options: ScheduleOptions): ExplainedSchedule {
  const decision = decide(options);
  const own = options.hardware.contention;
  const others = contentions.filter((each) => each !== own && each !== "channel-split");
  const beside = others.map((contention) => ({
    contention,
    schedule: scheduleLayer({ ...options, hardware: { ...options.hardware, contention } }),
  }));
  const { onPim, splits, gpuNs, pimNs, layerNs, lowerBoundNs: bound } = decision;
  const explain = explained(options, decision, beside);
  const gpus = decision.shares.map(placementOf);
  return { onPim, splits, gpuNs, pimNs, layerNs, lowerBoundNs: bound, explain, gpus, beside };
}

function placementOf({ experts, counts, onPim, split, gpuNs, pimNs }: GpuShare): GpuPlacement {
  const pimTokens = Array.from(counts, (tokens, at) => {
    if (onPim[at] === 1) return tokens;
    return split?.expert === at ? split.pimTokens : 0;
  });
  return { experts: [...experts], tokens: [...counts], pimTokens, gpuNs, pimNs };
}

function decide({ model, hardware, policy, counts }: ScheduleOptions): Decision {
  const tokens = checkCounts(counts, model);
  const plan = memoryPlan(model, hardware);
  const costs = new LayerCosts(model, hardware);
  const cost = costs.partitionCost(tokens);
  const map = plainMap(model.experts, hardware.gpus);
  const local = map.held.map((experts) => new Uint32Array(experts.length));
  spreadCounts(map, counts, local);
  const shares = map.held.map((experts, gpu): GpuShare => {
    const own = local[gpu]!;
    const resident = residentOf(own, plan.residentPerLayer);
    const onPim = new Uint8Array(experts.length);
    const problem = { cost, counts: own, resident, average: undefined, prefill: false };
    policy.place(problem, onPim);
    const split = policy.split?.(problem, onPim) ?? null;
    const sums = placementSums(cost, own, onPim, split);
    const [gpuNs, pimNs] = [gpuPathNs(cost, sums), pimPathNs(cost, sums)];
    const boundNs = lowerBoundNs(cost, own, resident);
    return { experts, counts: own, onPim, split, sums, gpuNs, pimNs, boundNs };
  });
  const latest = (of: (share: GpuShare) => number): number => Math.max(...shares.map(of));
  const layerNs = latest(({ gpuNs, pimNs }) => Math.max(gpuNs, pimNs));
  return {
    onPim: shares.flatMap(({ experts, onPim }) => [...experts].filter((_, at) => onPim[at] === 1)),
    splits: shares.flatMap(({ experts, split }) =>
      split === null ? [] : [{ expert: experts[split.expert]!, pimTokens: split.pimTokens }],
    ),
    gpuNs: latest(({ gpuNs }) => gpuNs),
    pimNs: latest(({ pimNs }) => pimNs),
    layerNs,
    lowerBoundNs: Math.min(
      layerNs,
      latest(({ boundNs }) => boundNs),
    ),
    costs,
    cost,
    shares,
  };
}

function residentOf(counts: Uint32Array, room: number): Uint8Array | undefined {
  if (counts.length <= room) return undefined;
  const residency = new Residency(counts.length, room);
  residency.observe(counts);
  return residency.resident;
}

function explained(options: ScheduleOptions, decision: Decision, beside: ExplainedSchedule["beside"]): string {
  const { model, hardware, policy, counts } = options;
  const { cost, costs, layerNs, lowerBoundNs: bound } = decision;
  const active = counts.filter((tokens) => tokens > 0).length;
  const slots = counts.reduce((sum, tokens) => sum + tokens, 0);
  const moved = decision.onPim.reduce((sum, expert) => sum + counts[expert]!, 0);
  const most = decision.onPim.reduce((largest, expert) => Math.max(largest, counts[expert]!), 0);
  const whole = `${policy.id} on ${hardware.gpus} ${hardware.gpu.id} (${hardware.contention}): ${decision.onPim.length} of ${active} active experts (${model.experts} in all) run on PIM${decision.onPim.length === 0 ? "" : `, with up to ${most} tokens each, ${moved} of ${slots} slots`}.`;
  const divided = decision.splits.map(
    ({ expert, pimTokens }) => `Of expert ${expert}, ${pimTokens} of ${counts[expert]} tokens go to PIM.`,
  );
  const group = cost.pimGroupNs.length - 1;
  const rates = `An expert costs the GPU ${us(expertReadNs(cost))} of reading, however many tokens it has, and PIM ${us(cost.pimGroupNs[group]! / group)} for each token: even at ${((expertReadNs(cost) * group) / cost.pimGroupNs[group]!).toFixed(1)} tokens.`;
  const gap = `The layer takes ${us(layerNs)}; no placement of whole experts takes less than ${us(bound)} (${((layerNs / bound - 1) * 100).toFixed(2)} % less).`;
  const others = beside.map(({ contention, schedule }) => {
    return `under ${contention} ${schedule.onPim.length} experts on PIM and ${us(schedule.layerNs)}`;
  });
  return [
    whole,
    ...divided,
    slowest(decision),
    gap,
    rates,
    `The same policy takes ${others.join(", ")}.`,
    `GPU: ${costs.kernel.source}. Start ${us(cost.gpuFixedNs)}, PIM start ${us(cost.pimFixedNs)}. Exchange between GPUs and the decision itself (${us(hardware.decisionNs)}) are not in these times.`,
  ].join(" ");
}

/** What decides on the GPU that is done last. */
function slowest({ cost, shares }: Decision): string {
  const time = ({ gpuNs, pimNs }: GpuShare): number => Math.max(gpuNs, pimNs);
  const last = shares.reduce((latest, share) => (time(share) > time(latest) ? share : latest));
  const { sums, gpuNs, pimNs } = last;
  const reading = sums.gpuExperts * expertReadNs(cost);
  const computing = computingNs(cost, sums.gpuTiles);
  const waiting = cost.interference * sums.pimWorkNs;
  const binds = computing > reading + waiting ? "computing" : "reading";
  const where = shares.length > 1 ? `GPU ${shares.indexOf(last)} is last: it` : "The GPU";
  const beside = waiting > 0 ? `, ${us(waiting)} of waiting for PIM` : "";
  return `${where} takes ${us(gpuNs)} for ${sums.gpuExperts} experts (${us(reading)} of reading${beside}, ${us(computing)} of computing: ${binds} decides), its PIM ${us(pimNs)} for ${sums.pimExperts}.`;
}

function us(ns: number): string {
  return `${(ns / 1000).toFixed(2)} us`;
}
