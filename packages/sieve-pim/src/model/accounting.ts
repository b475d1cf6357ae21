/** Parameters, bytes and operations of a model. A multiply-add counts as 2 operations; norms and biases are left out. */
import { type Attention, attentionOf, type MoeModel, moeLayers } from "./moe-model.ts";

/** Bytes of `rows` by `columns` weights of a routed expert, scales of the format included. */
function matrixBytes(model: MoeModel, rows: number, columns: number): number {
  if (model.expertWeights === "bf16") return 2 * rows * columns;
  if (model.expertWeights === "mxfp4-block32") return (rows * columns * 4.25) / 8;
  return rows * columns + 4 * Math.ceil(rows / 128) * Math.ceil(columns / 128);
}

/** Weights of one routed expert. */
export function expertParameters(model: MoeModel): number {
  return 3 * model.hidden * model.expertIntermediate;
}

/** Bytes of the weights of one routed expert. */
export function expertBytes(model: MoeModel): number {
  return 3 * matrixBytes(model, model.expertIntermediate, model.hidden);
}

/** Operations of one token in one routed expert. */
export function expertFlops(model: MoeModel): number {
  return 6 * model.hidden * model.expertIntermediate;
}

/** Weights of the shared experts of a layer. */
export function sharedParameters(model: MoeModel): number {
  return 3 * model.hidden * model.sharedIntermediate * model.sharedExperts;
}

/** Weights of the projections of an attention. */
export function attentionParameters(hidden: number, attention: Attention): number {
  if (attention.kind === "latent") {
    const { heads, queryRank, latentRank, nopeDim, ropeDim, valueDim } = attention;
    const query = hidden * queryRank + queryRank * heads * (nopeDim + ropeDim);
    const keyValue = hidden * (latentRank + ropeDim) + latentRank * heads * (nopeDim + valueDim);
    return query + keyValue + heads * valueDim * hidden;
  }
  if (attention.kind === "linear") {
    const { keyHeads, valueHeads, keyDim, valueDim } = attention;
    const keys = keyHeads * keyDim;
    const values = valueHeads * valueDim;
    return hidden * (2 * keys + 2 * values) + hidden * 2 * valueHeads + values * hidden;
  }
  const { heads, kvHeads, headDim, outputGate } = attention;
  return hidden * headDim * ((outputGate === true ? 3 : 2) * heads + 2 * kvHeads);
}

/** Bytes that an attention keeps for each token of a sequence. */
export function keyValueBytes(model: MoeModel, attention: Attention): number {
  if (attention.kind === "linear") return 0;
  if (attention.kind === "latent") return (attention.latentRank + attention.ropeDim) * model.activationBytes;
  return 2 * attention.kvHeads * attention.headDim * model.activationBytes;
}

/** Bytes that an attention keeps for a sequence, whatever its length. */
export function stateBytes(attention: Attention): number {
  if (attention.kind !== "linear") return 0;
  const { valueHeads, keyDim, valueDim, stateBytesPerNumber } = attention;
  return valueHeads * keyDim * valueDim * stateBytesPerNumber;
}

/** Tokens of a context of `length` that an attention looks at. */
export function seenTokens(attention: Attention, length: number): number {
  return attention.kind === "sliding" ? Math.min(length, attention.window ?? length) : length;
}

/** Totals over all layers. */
export interface ModelTotals {
  readonly parameters: number;
  readonly activeParameters: number;
  readonly routedParameters: number;
  readonly routedBytes: number;
  /** Bytes of everything but the routed experts. */
  readonly otherBytes: number;
  /** Bytes kept per token of context, windows not taken into account. */
  readonly keyValueBytesPerToken: number;
  /** Bytes of fixed state per sequence. */
  readonly stateBytesPerSequence: number;
}

/**
 * Sums over all layers.
 *
 * @example
 * ```ts
 * modelTotals(modelNamed("qwen3-30b-a3b")).keyValueBytesPerToken; // => 98304
 * ```
 */
export function modelTotals(model: MoeModel): ModelTotals {
  let other = model.vocabulary * model.hidden * (model.tiedEmbeddings ? 1 : 2);
  let keyValueBytesPerToken = 0;
  let stateBytesPerSequence = 0;
  for (let layer = 0; layer < model.layers; layer++) {
    const attention = attentionOf(model, layer);
    other += attentionParameters(model.hidden, attention);
    keyValueBytesPerToken += keyValueBytes(model, attention);
    stateBytesPerSequence += stateBytes(attention);
  }
  other += model.denseLayers * 3 * model.hidden * model.denseIntermediate;
  other += moeLayers(model) * (sharedParameters(model) + model.hidden * model.experts);
  const routedParameters = moeLayers(model) * model.experts * expertParameters(model);
  return {
    parameters: other + routedParameters,
    activeParameters: other + moeLayers(model) * model.topK * expertParameters(model),
    routedParameters,
    routedBytes: moeLayers(model) * model.experts * expertBytes(model),
    otherBytes: other * model.otherBytesPerWeight,
    keyValueBytesPerToken,
    stateBytesPerSequence,
  };
}
