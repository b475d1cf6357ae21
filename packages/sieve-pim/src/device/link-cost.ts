/** Exchange of tokens between the GPUs of a node: to the experts (dispatch) and back (combine). */
import { SieveError } from "../errors.ts";
import type { Hardware } from "../hardware/hardware.ts";
import { measuredGpu } from "../hardware/presets.ts";
import type { MoeModel } from "../model/moe-model.ts";
import { deepEpFits } from "./measured/deep-ep.ts";

/** A time that grows with the tokens of a rank. */
export interface LinkLine {
  readonly fixedNs: number;
  readonly nsPerToken: number;
}

/** Dispatch and combine of one model on one node. */
export interface LinkCost {
  readonly dispatch: LinkLine;
  readonly combine: LinkLine;
  /** Bytes that one token sends to other GPUs, there and back. */
  readonly dispatchBytes: number;
  readonly combineBytes: number;
  /** Where the figures come from, a sentence. */
  readonly source: string;
}

/** Ranks of the measurements. */
const MEASURED_RANKS = 8;

/** Share of a link's bandwidth that a general exchange reaches, and its fixed times, fitted to all measured configurations of a GPU. */
interface GeneralLine {
  readonly dispatchShare: number;
  readonly combineShare: number;
  readonly dispatchNs: number;
  readonly combineNs: number;
}

// Least mean error over the measured configurations with top-4 and more: 5 to 9 %, the worst point 31 % off.
const general: Readonly<Record<string, GeneralLine>> = {
  h100: { dispatchShare: 0.56, combineShare: 0.48, dispatchNs: 12_000, combineNs: 11_500 },
  h200: { dispatchShare: 0.58, combineShare: 0.5, dispatchNs: 10_500, combineNs: 10_500 },
  b200: { dispatchShare: 0.54, combineShare: 0.68, dispatchNs: 20_000, combineNs: 20_000 },
};

/**
 * Bytes that a token sends to other ranks: fp8 numbers with a 4-byte scale for each 128 of them on the way there, 16-bit
 * numbers on the way back; one copy for each of its experts that is elsewhere.
 */
function remoteBytes(model: MoeModel, ranks: number): { readonly dispatch: number; readonly combine: number } {
  const remote = (model.topK * (ranks - 1)) / ranks;
  return { dispatch: remote * model.hidden * (1 + 4 / 128), combine: remote * model.hidden * 2 };
}

/** The general rule, for configurations that were not measured: fixed times, then bytes over a share of the links' bandwidth. */
export function generalLinkCost(model: MoeModel, hardware: Hardware): LinkCost {
  const { gpu, gpus } = hardware;
  const line = general[gpu.id] ?? general.h200!;
  const { dispatch, combine } = remoteBytes(model, gpus);
  return {
    dispatch: { fixedNs: line.dispatchNs, nsPerToken: dispatch / (line.dispatchShare * gpu.linkBytesPerNs) },
    combine: { fixedNs: line.combineNs, nsPerToken: combine / (line.combineShare * gpu.linkBytesPerNs) },
    dispatchBytes: dispatch,
    combineBytes: combine,
    source: `exchange by the general rule: ${line.dispatchNs / 1000} and ${line.combineNs / 1000} us, then bytes over ${line.dispatchShare * 100} % and ${line.combineShare * 100} % of the links' bandwidth; not measured for these sizes`,
  };
}

/** Costs of the exchange for `model` on `hardware`: as measured where sizes and GPU are those of a measurement. */
export function linkCost(model: MoeModel, hardware: Hardware): LinkCost {
  const { gpus, gpu } = hardware;
  if (gpus === 1) {
    const none = { fixedNs: 0, nsPerToken: 0 };
    return {
      dispatch: none,
      combine: none,
      dispatchBytes: 0,
      combineBytes: 0,
      source: "one GPU: nothing is exchanged",
    };
  }
  if (!(gpu.linkBytesPerNs > 0)) {
    throw new SieveError("topology", `the links of ${gpus} GPUs have no bandwidth`, { path: "gpu.linkBytesPerNs" });
  }
  const key = `${gpu.id} ${model.hidden} ${model.topK} ${model.experts} `;
  const line = deepEpFits.split("\n").find((each) => each.startsWith(key));
  if (line === undefined) return generalLinkCost(model, hardware);
  const [a = 0, b = 0, c = 0, d = 0] = line.slice(key.length).split(" ").map(Number);
  const bytes = remoteBytes(model, gpus);
  // Measured with 8 ranks: with fewer, less of what a token sends leaves its GPU.
  const remote = (gpus - 1) / gpus / ((MEASURED_RANKS - 1) / MEASURED_RANKS);
  const built = measuredGpu(gpu.measuredAs)?.linkBytesPerNs ?? gpu.linkBytesPerNs;
  const share = (remote * built) / gpu.linkBytesPerNs;
  return {
    dispatch: { fixedNs: a * 1000, nsPerToken: b * 1000 * share },
    combine: { fixedNs: c * 1000, nsPerToken: d * 1000 * share },
    dispatchBytes: bytes.dispatch,
    combineBytes: bytes.combine,
    source: `exchange as measured with DeepEP low latency on 8 ${gpu.id}${gpus === MEASURED_RANKS ? "" : `, bytes scaled to ${gpus} ranks`}`,
  };
}

/**
 * Time of an exchange: by the rank with the most to send or to take in.
 *
 * `tokensPerRank` are those a rank starts with; `imbalance` is the largest over the mean number of slots that the ranks
 * take in, at least 1.
 */
export function exchangeNs(line: LinkLine, tokensPerRank: number, imbalance: number): number {
  return tokensPerRank === 0 ? 0 : line.fixedNs + line.nsPerToken * tokensPerRank * Math.max(1, imbalance);
}

/** The largest over the mean number of slots of the ranks; experts in order, equally many for each rank. */
export function slotImbalance(counts: ArrayLike<number>, ranks: number): number {
  const each = counts.length / ranks;
  let most = 0;
  let all = 0;
  for (let rank = 0; rank < ranks; rank++) {
    let own = 0;
    for (let expert = Math.floor(rank * each); expert < Math.floor((rank + 1) * each); expert++) own += counts[expert]!;
    most = Math.max(most, own);
    all += own;
  }
  return all === 0 ? 1 : (most * ranks) / all;
}
