/**
 * The models that come with the package.
 *
 * Facts from the published configurations (config.json), as collected in ai-dynamo/aiconfigurator@095f58a (Apache-2.0),
 * openai/gpt-oss and deepseek-ai/DeepSeek-V3.
 */
import { nearest } from "@millrace/ir-text";
import { SieveError } from "../errors.ts";
import { readModel } from "./model-schema.ts";
import type { MoeModel } from "./moe-model.ts";

const documents: readonly unknown[] = [
  {
    id: "qwen3.5-397b-a17b",
    source: "Qwen/Qwen3.5-397B-A17B config.json",
    layers: 60,
    hidden: 4096,
    vocabulary: 248320,
    tiedEmbeddings: false,
    attention: [
      { kind: "linear", keyHeads: 16, valueHeads: 64, keyDim: 128, valueDim: 128, stateBytesPerNumber: 4 },
      { kind: "full", heads: 32, kvHeads: 2, headDim: 256, outputGate: true },
    ],
    attentionPattern: [0, 0, 0, 1],
    denseLayers: 0,
    denseIntermediate: 0,
    experts: 512,
    topK: 10,
    expertIntermediate: 1024,
    sharedExperts: 1,
    sharedIntermediate: 1024,
    expertWeights: "bf16",
    otherBytesPerWeight: 2,
    activationBytes: 2,
    maximumPosition: 262144,
  },
  {
    id: "gpt-oss-120b",
    source: "openai/gpt-oss-120b config.json; openai/gpt-oss gpt_oss/torch/model.py",
    layers: 36,
    hidden: 2880,
    vocabulary: 201088,
    tiedEmbeddings: false,
    attention: [
      { kind: "sliding", heads: 64, kvHeads: 8, headDim: 64, window: 128 },
      { kind: "full", heads: 64, kvHeads: 8, headDim: 64 },
    ],
    attentionPattern: [0, 1],
    denseLayers: 0,
    denseIntermediate: 0,
    experts: 128,
    topK: 4,
    expertIntermediate: 2880,
    sharedExperts: 0,
    sharedIntermediate: 0,
    expertWeights: "mxfp4-block32",
    otherBytesPerWeight: 2,
    activationBytes: 2,
    maximumPosition: 131072,
  },
  {
    id: "qwen3-30b-a3b",
    source: "Qwen/Qwen3-30B-A3B config.json",
    layers: 48,
    hidden: 2048,
    vocabulary: 151936,
    tiedEmbeddings: false,
    attention: [{ kind: "full", heads: 32, kvHeads: 4, headDim: 128 }],
    attentionPattern: [0],
    denseLayers: 0,
    denseIntermediate: 0,
    experts: 128,
    topK: 8,
    expertIntermediate: 768,
    sharedExperts: 0,
    sharedIntermediate: 0,
    expertWeights: "bf16",
    otherBytesPerWeight: 2,
    activationBytes: 2,
    maximumPosition: 40960,
  },
  {
    id: "qwen3-235b-a22b",
    source: "Qwen/Qwen3-235B-A22B config.json",
    layers: 94,
    hidden: 4096,
    vocabulary: 151936,
    tiedEmbeddings: false,
    attention: [{ kind: "full", heads: 64, kvHeads: 4, headDim: 128 }],
    attentionPattern: [0],
    denseLayers: 0,
    denseIntermediate: 0,
    experts: 128,
    topK: 8,
    expertIntermediate: 1536,
    sharedExperts: 0,
    sharedIntermediate: 0,
    expertWeights: "bf16",
    otherBytesPerWeight: 2,
    activationBytes: 2,
    maximumPosition: 40960,
  },
  {
    id: "mixtral-8x7b",
    source: "mistralai/Mixtral-8x7B-v0.1 config.json",
    layers: 32,
    hidden: 4096,
    vocabulary: 32000,
    tiedEmbeddings: false,
    attention: [{ kind: "full", heads: 32, kvHeads: 8, headDim: 128 }],
    attentionPattern: [0],
    denseLayers: 0,
    denseIntermediate: 0,
    experts: 8,
    topK: 2,
    expertIntermediate: 14336,
    sharedExperts: 0,
    sharedIntermediate: 0,
    expertWeights: "bf16",
    otherBytesPerWeight: 2,
    activationBytes: 2,
    maximumPosition: 32768,
  },
  {
    id: "deepseek-v3",
    source: "deepseek-ai/DeepSeek-V3 config.json; inference/configs/config_671B.json",
    layers: 61,
    hidden: 7168,
    vocabulary: 129280,
    tiedEmbeddings: false,
    attention: [
      { kind: "latent", heads: 128, queryRank: 1536, latentRank: 512, nopeDim: 128, ropeDim: 64, valueDim: 128 },
    ],
    attentionPattern: [0],
    denseLayers: 3,
    denseIntermediate: 18432,
    experts: 256,
    topK: 8,
    expertIntermediate: 2048,
    sharedExperts: 1,
    sharedIntermediate: 2048,
    expertWeights: "fp8-block128",
    otherBytesPerWeight: 1,
    activationBytes: 2,
    maximumPosition: 163840,
  },
];

/** The models, in the order of their listing. */
export const models: readonly MoeModel[] = documents.map((document) => readModel(document));

/**
 * The model called `id`.
 *
 * @throws {SieveError} `model` if there is none.
 *
 * @example
 * ```ts
 * modelNamed("qwen3-30b-a3b").experts; // => 128
 * ```
 */
export function modelNamed(id: string): MoeModel {
  const found = models.find((model) => model.id === id);
  if (found !== undefined) return found;
  const ids = models.map((model) => model.id);
  const similar = nearest(id, ids);
  throw new SieveError("model", `no model is called "${id}"`, {
    hint: similar === undefined ? `known are ${ids.join(", ")}` : `did you mean ${similar}?`,
  });
}
