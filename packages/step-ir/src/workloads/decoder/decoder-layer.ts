/**
 * A whole decoder layer, for one new token of each request: normalisation, projection to queries, keys and values, attention,
 * projection back, normalisation, mixture of experts, with both residual connections.
 *
 * The parts meet in memory. A part begins when the stores of the one before are acknowledged; caches are read as soon as
 * there is room. Left out are positions (rotary embedding) and the choice of experts, which a routing trace gives.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §5.5 names the parts; how they are joined is ours.
 */
import { flatMap } from "../../ops/compute/flat-map.ts";
import { map2 } from "../../ops/compute/map.ts";
import { linearLoad, linearLoadPer } from "../../ops/memory/linear-load.ts";
import { linearStore } from "../../ops/memory/linear-store.ts";
import { flatten } from "../../ops/shape/flatten.ts";
import { Program, type Stream } from "../../program/program.ts";
import { addAttention } from "../attention.ts";
import { type AttentionOptions, headsOf } from "../attention-options.ts";
import { addMoe } from "../moe.ts";
import { expertsOf } from "../moe-options.ts";
import { type DecoderOptions, type DecoderSettings, decoderSettings } from "./decoder-options.ts";
import { rmsNorm } from "./norm.ts";
import { projectBack, projectHeads } from "./projections.ts";
import { afterMerged } from "./signals.ts";

/**
 * The program of a layer. Tensors: `x` and `out` [batch, hidden]; gains `norm_before` and `norm_after`; `w_query`, `w_key`, `w_value`,
 * `w_out`; those of `attention` for batch·keyHeads requests, with `attended` for its results; those of `moe`.
 *
 * @throws {StepError} `workload-options`.
 */
export function decoderLayer(options: DecoderOptions): Program {
  const settings = decoderSettings(options);
  const { model, batch, bandwidth } = settings;
  const { hidden, queryHeads, keyHeads, headSize } = model;
  const program = new Program("decoder-layer");
  program.tensor("x", { scalar: "f32", rows: batch, columns: hidden });
  const tokens = linearLoad(program, { id: "tokens", tensor: "x", ...wholeBatch(settings) });
  const before = rmsNorm(tokens, { name: "norm_before", hidden, bandwidth });
  declareHeads(program, settings);
  const ready = {
    query: projectHeads(before, { name: "query", heads: queryHeads, scale: 1 / Math.sqrt(headSize) }, settings),
    key: projectHeads(before, { name: "key", heads: keyHeads }, settings),
    value: projectHeads(before, { name: "value", heads: keyHeads }, settings),
  };
  const stored = addAttention(program, attentionOf(settings), { ready, to: "attended" });
  const middle = projectBack(afterMerged(stored, "attention_done"), settings);
  linearStore(experts(middle, settings), { id: "out", tensor: "out" });
  return program;
}

/** Attention of a layer: every key head of every request is a request of its own. */
export function attentionOf(settings: DecoderSettings): AttentionOptions {
  const { model, batch, cacheTiles, strategy, bandwidth, attentionRegions, tileRows } = settings;
  const requests = batch * model.keyHeads;
  const block = Math.ceil(requests / attentionRegions);
  const sizes = { ...headsOf(model), cacheTiles, tileRows, regions: attentionRegions, block };
  return { batch: requests, strategy, bandwidth, ...sizes };
}

function wholeBatch({ batch, model }: DecoderSettings) {
  return { tile: [batch, model.hidden] as const, shape: [1], stride: [1] };
}

/** The tensors through which projections and attention meet. */
function declareHeads(program: Program, { model, batch }: DecoderSettings): void {
  const { queryHeads, keyHeads, headSize } = model;
  const tensor = (name: string, rows: number): string =>
    program.tensor(name, { scalar: "f32", rows, columns: headSize });
  tensor("query", batch * queryHeads);
  tensor("key", batch * keyHeads);
  tensor("value", batch * keyHeads);
}

/** The mixture of experts on tensor `middle`, with the residual connection: [1, batch] of [1, hidden]. */
function experts(ready: Stream, settings: DecoderSettings): Stream {
  const { model, batch, tiling, tileInner, bandwidth, expertRegions } = settings;
  const { hidden } = model;
  const { program } = ready;
  const middle = linearLoadPer(ready, { id: "middle_tokens", tensor: "middle", ...wholeBatch(settings) });
  const after = rmsNorm(middle, { name: "norm_after", hidden, bandwidth });
  const rows = flatMap(after, { id: "expert_rows", fn: "split-rows" });
  const regions = expertRegions === undefined ? {} : { regions: expertRegions };
  const sums = addMoe(rows, { ...expertsOf(model), batch, tiling, tileInner, bandwidth, ...regions });
  const row = { tile: [1, hidden] as const, shape: [batch, 1], stride: [1, 1] };
  const kept = linearLoadPer(ready, { id: "middle_rows", tensor: "middle", ...row });
  program.tensor("out", { scalar: "f32", rows: batch, columns: hidden });
  return map2(sums, flatten(kept, { id: "residual", min: 0, max: 1 }), { id: "layer_rows", fn: "add", bandwidth });
}
