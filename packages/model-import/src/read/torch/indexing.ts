/** PyTorch operators that read or write at computed places. */
import { type Lowerings, row } from "./lowering.ts";
import type { TorchCall } from "./torch-call.ts";

const modes: readonly string[] = ["sum", "mean", "max"];

function embeddingBag(call: TorchCall): void {
  const mode = modes[call.integer("mode", 0)];
  if (mode === undefined) throw call.wrong("mode", "0 (sum), 1 (mean) or 2 (max)");
  const padding = call.argument("padding_idx") === undefined ? -1 : call.integer("padding_idx");
  const attributes = {
    mode,
    includeLastOffset: call.boolean("include_last_offset"),
    paddingIndex: padding < 0 ? null : padding,
  };
  const inputs = ["weight", "indices", "offsets"].map((name): string | null => call.tensor(name));
  // The three further results serve the backward pass; a model that uses one of them is refused when it is evaluated.
  call.result("embedding-bag", [...inputs, call.optional("per_sample_weights")], attributes);
}

const reductions: Readonly<Record<string, string>> = {
  sum: "add",
  add: "add",
  prod: "mul",
  multiply: "mul",
  mean: "mean",
  amax: "max",
  amin: "min",
};

function scatter(call: TorchCall, reduction: string, source: string): void {
  const operands = [call.tensor("self"), call.tensor("index"), source];
  call.result("scatter-elements", operands, { axis: call.integer("dim"), reduction });
}

function reduced(call: TorchCall, name: string): string {
  const reduction = reductions[call.text(name)];
  if (reduction === undefined) throw call.wrong(name, Object.keys(reductions).join(", "));
  return reduction;
}

/** Rows for gathering and scattering. */
export const indexing: Lowerings = {
  embedding: row("weight, indices, padding_idx, scale_grad_by_freq, sparse", (call) =>
    call.result("embedding", [call.tensor("weight"), call.tensor("indices")]),
  ),
  embedding_bag: row(
    "weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset, padding_idx",
    embeddingBag,
  ),
  _embedding_bag: row(
    "weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset, padding_idx",
    embeddingBag,
  ),
  _embedding_bag_forward_only: row(
    "weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset, padding_idx",
    embeddingBag,
  ),
  index_select: row("self, dim, index", (call) =>
    call.result("gather", [call.tensor("self"), call.tensor("index")], { axis: call.integer("dim") }),
  ),
  gather: row("self, dim, index", (call) =>
    call.result("gather-elements", [call.tensor("self"), call.tensor("index")], { axis: call.integer("dim") }),
  ),
  index: row("self, indices", (call) => call.result("index", [call.tensor("self"), ...call.tensors("indices")])),
  index_put: row("self, indices, values, accumulate", (call) => {
    const operands = [call.tensor("self"), call.tensor("values"), ...call.tensors("indices")];
    call.result("index-put", operands, { reduction: call.boolean("accumulate") ? "add" : "none" });
  }),
  index_add: row("self, dim, index, source, alpha", (call) => {
    const alpha = call.number("alpha", 1);
    const source = call.tensor("source");
    const scaled = alpha === 1 ? source : call.emit("mul", [source, call.constant(alpha)]);
    const operands = [call.tensor("self"), call.tensor("index"), scaled];
    call.result("index-add", operands, { axis: call.integer("dim"), reduction: "add" });
  }),
  index_reduce: row("self, dim, index, source, reduce", (call) => {
    const operands = [call.tensor("self"), call.tensor("index"), call.tensor("source")];
    call.result("index-add", operands, { axis: call.integer("dim"), reduction: reduced(call, "reduce") });
  }),
  scatter_add: row("self, dim, index, src", (call) => scatter(call, "add", call.tensor("src"))),
  scatter: row("self, dim, index, src", (call) => scatter(call, "none", call.tensor("src"))),
  "scatter.value": row("self, dim, index, value", (call) => {
    const source = call.emit("expand-like", [call.tensor("value"), call.tensor("index")]);
    scatter(call, "none", source);
  }),
  scatter_reduce: row("self, dim, index, src, reduce, include_self", (call) => {
    if (!call.boolean("include_self", true))
      throw call.unserved("excludes the values it writes to", "scatter into zeros");
    scatter(call, reduced(call, "reduce"), call.tensor("src"));
  }),
  nonzero: row("self", (call) => call.result("nonzero", [call.tensor("self")])),
  topk: row("self, k, dim, largest, sorted", (call) =>
    call.result("top-k", [call.tensor("self")], {
      count: call.integer("k"),
      axis: call.integer("dim", -1),
      largest: call.boolean("largest", true),
    }),
  ),
  sort: row("self, dim, descending", (call) =>
    call.result("top-k", [call.tensor("self")], {
      count: null,
      axis: call.integer("dim", -1),
      largest: call.boolean("descending", false),
    }),
  ),
  one_hot: row("self, num_classes", (call) =>
    call.result("one-hot", [call.tensor("self")], { classes: call.integer("num_classes") }),
  ),
  segment_reduce: row("data, reduce, lengths, indices, offsets, axis, unsafe", (call) => {
    throw call.unserved("is not served", "write it as scatter_add or as EmbeddingBag");
  }),
};
