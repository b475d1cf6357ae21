/** Mixture-of-experts models as their published configurations state them. */

/** Attention with keys and values per token, over everything or over a window. */
export interface SoftmaxAttention {
  readonly kind: "full" | "sliding";
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Tokens that a head sees; only for `sliding`. */
  readonly window?: number;
  /** Whether the output is gated, which doubles the query projection. */
  readonly outputGate?: boolean;
}

/** Attention over a latent shared by all heads. */
export interface LatentAttention {
  readonly kind: "latent";
  readonly heads: number;
  readonly queryRank: number;
  readonly latentRank: number;
  readonly nopeDim: number;
  readonly ropeDim: number;
  readonly valueDim: number;
}

/** Linear attention with a state of fixed size per sequence. */
export interface LinearAttention {
  readonly kind: "linear";
  readonly keyHeads: number;
  readonly valueHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  readonly stateBytesPerNumber: number;
}

/** One kind of attention. */
export type Attention = SoftmaxAttention | LatentAttention | LinearAttention;

/** Formats of the weights of routed experts, with their bytes. */
export type WeightFormat = "bf16" | "fp8-block128" | "mxfp4-block32";

/** A model: what its layers are made of. All routed experts have equal size: three matrices of `hidden` by `expertIntermediate`. */
export interface MoeModel {
  readonly id: string;
  /** Where the figures come from. */
  readonly source: string;
  readonly layers: number;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly tiedEmbeddings: boolean;
  /** The attention of each layer: `pattern[l mod pattern.length]` names an entry of `attention`. */
  readonly attention: readonly Attention[];
  readonly attentionPattern: readonly number[];
  /** Leading layers with one dense feed-forward network of `denseIntermediate` instead of experts. */
  readonly denseLayers: number;
  readonly denseIntermediate: number;
  readonly experts: number;
  readonly topK: number;
  readonly expertIntermediate: number;
  readonly sharedExperts: number;
  readonly sharedIntermediate: number;
  readonly expertWeights: WeightFormat;
  /** Bytes of a weight outside the routed experts. */
  readonly otherBytesPerWeight: number;
  /** Bytes of an activation and of a key or value number. */
  readonly activationBytes: number;
  readonly maximumPosition: number;
}

/** Layers that route tokens to experts. */
export function moeLayers(model: MoeModel): number {
  return model.layers - model.denseLayers;
}

/** The attention of layer `layer`, counted from 0. */
export function attentionOf(model: MoeModel, layer: number): Attention {
  return model.attention[model.attentionPattern[layer % model.attentionPattern.length]!]!;
}
