/** Everything of a layer but its routed experts: projections, attention on either side, shared experts; and the head. */
import type { Hardware } from "../hardware/hardware.ts";
import { attentionParameters, keyValueBytes, seenTokens, sharedParameters, stateBytes } from "../model/accounting.ts";
import { type Attention, attentionOf, type MoeModel } from "../model/moe-model.ts";
import { ACCESS_BYTES, MAC_BYTES, MOVE_RESULTS, ROW_ACCESSES, refreshStretch } from "../pim/closed-form.ts";
import { timingNamed } from "../pim/timing.ts";

/** What runs on one GPU in one step. */
export interface StepLoad {
  /** Sequences that generate a token. */
  readonly sequences: number;
  /** Tokens of all their contexts together. */
  readonly contextTokens: number;
  /** Tokens of prompts that are taken in. */
  readonly prefillTokens: number;
  /** For the prompt tokens: tokens before each, summed. */
  readonly prefillContext: number;
}

/** Start of a GPU kernel that is not the experts': the constant of aiconfigurator's system files. */
const KERNEL_NS = 3000;
/** Shares of the peaks that dense kernels reach, as in aiconfigurator's system files and for large products. */
const MEMORY_SHARE = 0.8;
const FLOP_SHARE = 0.6;

/** Times of the dense parts of a model on one GPU. */
export class DenseCost {
  readonly #model: MoeModel;
  readonly #hardware: Hardware;
  readonly #bytesPerNs: number;
  readonly #flopsPerNs: number;

  constructor(model: MoeModel, hardware: Hardware) {
    this.#model = model;
    this.#hardware = hardware;
    this.#bytesPerNs = MEMORY_SHARE * hardware.gpu.memoryBytesPerNs;
    const { bf16, fp8 } = hardware.gpu.flopsPerNs;
    this.#flopsPerNs = FLOP_SHARE * (model.otherBytesPerWeight === 1 ? (fp8 ?? bf16) : bf16);
  }

  /** A product with `parameters` weights for `tokens` tokens: weights read once, or computing. */
  #productNs(parameters: number, tokens: number): number {
    if (tokens === 0) return 0;
    const read = (parameters * this.#model.otherBytesPerWeight) / this.#bytesPerNs;
    return Math.max(read, (2 * parameters * tokens) / this.#flopsPerNs);
  }

  /** Query, key and value projections before attention, the output projection after it. */
  projectionNs(layer: number, tokens: number): number {
    if (tokens === 0) return 0;
    const attention = attentionOf(this.#model, layer);
    return 2 * KERNEL_NS + this.#productNs(attentionParameters(this.#model.hidden, attention), tokens);
  }

  /** The router of a layer with experts. */
  routerNs(tokens: number): number {
    return tokens === 0 ? 0 : KERNEL_NS + this.#productNs(this.#model.hidden * this.#model.experts, tokens);
  }

  /** The shared experts of a layer, all GPUs holding them. */
  sharedNs(tokens: number): number {
    const parameters = sharedParameters(this.#model);
    return parameters === 0 || tokens === 0 ? 0 : KERNEL_NS + this.#productNs(parameters, tokens);
  }

  /** The feed-forward network of a dense layer. */
  denseNs(tokens: number): number {
    if (tokens === 0) return 0;
    return KERNEL_NS + this.#productNs(3 * this.#model.hidden * this.#model.denseIntermediate, tokens);
  }

  /** The embedding, the head for `tokens` tokens that are answered, and drawing them. */
  headNs(tokens: number): number {
    return tokens === 0
      ? KERNEL_NS
      : 2 * KERNEL_NS + this.#productNs(this.#model.vocabulary * this.#model.hidden, tokens);
  }

  /** Attention of the sequences that generate, on the GPU: their keys and values are read once. */
  decodeAttentionNs(layer: number, load: StepLoad): number {
    if (load.sequences === 0) return 0;
    const attention = attentionOf(this.#model, layer);
    const { bytes, flops } = this.#decodeWork(attention, load);
    return KERNEL_NS + Math.max(bytes / this.#bytesPerNs, flops / this.#flopsPerNs);
  }

  /** Attention of prompt tokens, always on the GPU. */
  prefillAttentionNs(layer: number, load: StepLoad): number {
    if (load.prefillTokens === 0) return 0;
    const attention = attentionOf(this.#model, layer);
    const seen = Math.min(load.prefillContext, load.prefillTokens * seenTokens(attention, load.prefillContext));
    return KERNEL_NS + Math.max(1, (seen * flopsPerSeenToken(attention)) / this.#flopsPerNs);
  }

  /** Bytes of keys, values and states that one step reads, and its operations. */
  #decodeWork(attention: Attention, load: StepLoad): { readonly bytes: number; readonly flops: number } {
    const seen = this.#seen(attention, load);
    const bytes = seen * keyValueBytes(this.#model, attention) + 2 * load.sequences * stateBytes(attention);
    const states = attention.kind === "linear" ? attention.valueHeads * attention.keyDim * attention.valueDim : 0;
    return { bytes, flops: seen * flopsPerSeenToken(attention) + 6 * load.sequences * states };
  }

  #seen(attention: Attention, { sequences, contextTokens }: StepLoad): number {
    return sequences * seenTokens(attention, contextTokens / Math.max(1, sequences));
  }

  /** Bytes of keys, values and states read by attention in one layer. */
  attentionBytes(layer: number, load: StepLoad): number {
    return this.#decodeWork(attentionOf(this.#model, layer), load).bytes;
  }

  /**
   * Attention of the sequences that generate, on PIM; `null` for linear attention, whose state is updated and not only
   * read.
   *
   * Keys and values lie over all channels. Each query head of a group reads them anew: the MAC units keep one vector.
   */
  pimAttentionNs(layer: number, load: StepLoad): number | null {
    const attention = attentionOf(this.#model, layer);
    if (attention.kind === "linear") return null;
    if (load.sequences === 0) return 0;
    const { pim } = this.#hardware;
    const timing = timingNamed(pim.timing);
    const channels = pim.stacks * pim.channelsPerStack;
    const seen = this.#seen(attention, load);
    const shared = attention.kind === "latent" ? attention.heads : attention.heads / attention.kvHeads;
    const macs = Math.ceil((seen * keyValueBytes(this.#model, attention)) / (channels * MAC_BYTES));
    const rows = Math.ceil(macs / ROW_ACCESSES);
    const { nBL, nCCDAB, nRTPL, nRP, nRCD } = timing;
    const reading = shared * (macs * nCCDAB + rows * (nRTPL + nRP + nRCD - nCCDAB));
    // Queries go in, scores come out and go in again as weights, results come out: for the heads of this channel.
    const heads = (load.sequences * attention.heads) / channels;
    const width = attention.kind === "latent" ? attention.latentRank + attention.ropeDim : attention.headDim;
    const vectors = (heads * 2 * width * this.#model.activationBytes) / ACCESS_BYTES;
    const scores = (2 * shared * seen) / channels / MOVE_RESULTS;
    const cycles = reading + nBL * (vectors + scores);
    return pim.fixedNs + cycles * (timing.tCKps / 1000) * (pim.refresh ? refreshStretch(timing) : 1);
  }
}

/** Operations of all heads of one token for each token it looks at. */
function flopsPerSeenToken(attention: Attention): number {
  if (attention.kind === "linear") return 0;
  if (attention.kind === "latent") return 2 * attention.heads * (2 * attention.latentRank + attention.ropeDim);
  return 4 * attention.heads * attention.headDim;
}
