/** The form of a model in JSON. */
import * as v from "valibot";
import { checked, count, countOrZero, positive } from "../checked.ts";
import { SieveError } from "../errors.ts";
import type { MoeModel } from "./moe-model.ts";

const softmax = v.strictObject({
  kind: v.picklist(["full", "sliding"]),
  heads: count,
  kvHeads: count,
  headDim: count,
  window: v.exactOptional(count),
  outputGate: v.exactOptional(v.boolean()),
});

const latent = v.strictObject({
  kind: v.literal("latent"),
  heads: count,
  queryRank: count,
  latentRank: count,
  nopeDim: count,
  ropeDim: count,
  valueDim: count,
});

const linear = v.strictObject({
  kind: v.literal("linear"),
  keyHeads: count,
  valueHeads: count,
  keyDim: count,
  valueDim: count,
  stateBytesPerNumber: positive,
});

const model = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1, "must not be empty")),
  source: v.string(),
  layers: count,
  hidden: count,
  vocabulary: count,
  tiedEmbeddings: v.boolean(),
  attention: v.pipe(v.array(v.variant("kind", [softmax, latent, linear])), v.minLength(1, "must not be empty")),
  attentionPattern: v.pipe(v.array(countOrZero), v.minLength(1, "must not be empty")),
  denseLayers: countOrZero,
  denseIntermediate: countOrZero,
  experts: count,
  topK: count,
  expertIntermediate: count,
  sharedExperts: countOrZero,
  sharedIntermediate: countOrZero,
  expertWeights: v.picklist(["bf16", "fp8-block128", "mxfp4-block32"]),
  otherBytesPerWeight: positive,
  activationBytes: positive,
  maximumPosition: count,
});

/**
 * A model from a parsed JSON document; `name` is what faults call it, such as the name of its file.
 *
 * @throws {SieveError} `model` if the document has another form, or its figures contradict each other.
 */
export function readModel(document: unknown, name = "model"): MoeModel {
  const read = checked(model, document, { code: "model", of: name });
  if (read.topK > read.experts) {
    throw new SieveError("model", `model ${read.id}: topK is ${read.topK}, but there are ${read.experts} experts`, {
      path: "topK",
      limit: "experts",
      value: read.topK,
      allowed: read.experts,
      hint: `use topK ${read.experts} or fewer`,
    });
  }
  if (read.denseLayers >= read.layers) {
    throw new SieveError("model", `model ${read.id}: all ${read.layers} layers are dense, none routes to experts`, {
      path: "denseLayers",
      limit: "layers",
      value: read.denseLayers,
      allowed: read.layers - 1,
      hint: `use ${read.layers - 1} dense layers or fewer`,
    });
  }
  const wrong = read.attentionPattern.findIndex((entry) => entry >= read.attention.length);
  if (wrong >= 0) {
    throw new SieveError(
      "model",
      `model ${read.id}: attentionPattern.${wrong} is ${read.attentionPattern[wrong]}, but there are ${read.attention.length} kinds of attention`,
      { path: `attentionPattern.${wrong}`, allowed: read.attention.length - 1 },
    );
  }
  return read;
}
