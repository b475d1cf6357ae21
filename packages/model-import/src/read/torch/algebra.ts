/** PyTorch operators that contract, reduce or normalise. */
import { castTo, type Lowerings, reduction, row } from "./lowering.ts";
import type { TorchCall } from "./torch-call.ts";

const matmul = row("self, other", (call) => call.result("matmul", [call.tensor("self"), call.tensor("other")]));

const scaledMatmul = (first: string, second: string) =>
  row(`self, ${first}, ${second}, beta, alpha`, (call) => {
    const scale = (value: string, factor: number) =>
      factor === 1 ? value : call.emit("mul", [value, call.constant(factor)]);
    const product = call.emit("matmul", [call.tensor(first), call.tensor(second)]);
    const bias = scale(call.tensor("self"), call.number("beta", 1));
    call.result("add", [scale(product, call.number("alpha", 1)), bias]);
  });

const softmax = (op: string) =>
  row("self, dim, dtype", (call) => {
    const input =
      typeof call.argument("dtype") === "string" ? castTo(call, call.tensor("self"), "dtype") : call.tensor("self");
    call.result(op, [input], { axis: call.integer("dim") });
  });

const extreme = (op: string) =>
  row("self, dim, keepdim", (call) => {
    const input = call.tensor("self");
    if (call.argument("dim") === undefined) return call.result(op, [input], { axes: [], keepDims: false });
    // Two results, values and indices; an index that nobody wants is dropped as dead code.
    const [values = "", indices = ""] = call.outputs;
    const attributes = { axes: [call.integer("dim")], keepDims: call.boolean("keepdim") };
    call.builder.node({ op, inputs: [input], attributes, outputs: [values], place: call.place });
    if (indices === "") return;
    const position = { axis: call.integer("dim"), keepDims: call.boolean("keepdim") };
    call.builder.node({ op: `arg${op}`, inputs: [input], attributes: position, outputs: [indices], place: call.place });
  });

const position = (op: string) =>
  row("self, dim, keepdim", (call) => {
    const axis = call.argument("dim") === undefined ? null : call.integer("dim");
    call.result(op, [call.tensor("self")], { axis, keepDims: call.boolean("keepdim") });
  });

function variance(call: TorchCall, root: boolean): void {
  const axes = call.argument("dim") === undefined ? [] : call.integers("dim");
  const unbiased = call.argument("unbiased") === undefined || call.boolean("unbiased");
  const correction = typeof call.argument("correction") === "number" ? call.number("correction") : Number(unbiased);
  const attributes = { axes, keepDims: call.boolean("keepdim"), correction };
  const input = call.tensor("self");
  if (root) call.result("sqrt", [call.emit("variance", [input], attributes)]);
  else call.result("variance", [input], attributes);
}

/** Rows for products, reductions and normalisation. */
export const algebra: Lowerings = {
  matmul,
  mm: row("self, mat2", (call) => call.result("matmul", [call.tensor("self"), call.tensor("mat2")])),
  bmm: row("self, mat2", (call) => call.result("matmul", [call.tensor("self"), call.tensor("mat2")])),
  mv: row("self, vec", (call) => call.result("matmul", [call.tensor("self"), call.tensor("vec")])),
  dot: row("self, tensor", (call) => call.result("matmul", [call.tensor("self"), call.tensor("tensor")])),
  addmm: scaledMatmul("mat1", "mat2"),
  baddbmm: scaledMatmul("batch1", "batch2"),
  addmv: scaledMatmul("mat", "vec"),
  linear: row("input, weight, bias", (call) =>
    call.result("linear", [call.tensor("input"), call.tensor("weight"), call.optional("bias")]),
  ),
  einsum: row("equation, tensors, path", (call) =>
    call.result("einsum", call.tensors("tensors"), { equation: call.text("equation").replaceAll(" ", "") }),
  ),
  sum: reduction("sum"),
  "sum.default": row("self, dtype", (call) =>
    call.result("sum", [castTo(call, call.tensor("self"), "dtype")], { axes: [], keepDims: false }),
  ),
  mean: reduction("mean"),
  "mean.default": row("self, dtype", (call) =>
    call.result("mean", [castTo(call, call.tensor("self"), "dtype")], { axes: [], keepDims: false }),
  ),
  "prod.default": row("self, dtype", (call) =>
    call.result("prod", [castTo(call, call.tensor("self"), "dtype")], { axes: [], keepDims: false }),
  ),
  amax: reduction("max"),
  amin: reduction("min"),
  logsumexp: reduction("log-sum-exp"),
  any: reduction("any"),
  all: reduction("all"),
  prod: reduction("prod"),
  max: extreme("max"),
  min: extreme("min"),
  "max.other": row("self, other", (call) => call.result("maximum", [call.tensor("self"), call.tensor("other")])),
  "min.other": row("self, other", (call) => call.result("minimum", [call.tensor("self"), call.tensor("other")])),
  argmax: position("argmax"),
  argmin: position("argmin"),
  cumsum: row("self, dim, dtype", (call) =>
    call.result("cumulative-sum", [castTo(call, call.tensor("self"), "dtype")], { axis: call.integer("dim") }),
  ),
  "var.dim": row("self, dim, unbiased, keepdim", (call) => variance(call, false)),
  "std.dim": row("self, dim, unbiased, keepdim", (call) => variance(call, true)),
  var: row("self, dim, correction, keepdim", (call) => variance(call, false)),
  std: row("self, dim, correction, keepdim", (call) => variance(call, true)),
  linalg_vector_norm: row("self, ord, dim, keepdim, dtype", (call) => {
    const axes = call.argument("dim") === undefined ? [] : call.integers("dim");
    call.result("norm", [call.tensor("self")], {
      axes,
      keepDims: call.boolean("keepdim"),
      order: call.number("ord", 2),
    });
  }),
  norm: row("self, p, dim, keepdim, dtype", (call) => {
    const axes = call.argument("dim") === undefined ? [] : call.integers("dim");
    call.result("norm", [call.tensor("self")], { axes, keepDims: call.boolean("keepdim"), order: call.number("p", 2) });
  }),
  softmax: softmax("softmax"),
  _softmax: row("self, dim, half_to_float", (call) =>
    call.result("softmax", [call.tensor("self")], { axis: call.integer("dim") }),
  ),
  log_softmax: softmax("log-softmax"),
  _log_softmax: row("self, dim, half_to_float", (call) =>
    call.result("log-softmax", [call.tensor("self")], { axis: call.integer("dim") }),
  ),
  layer_norm: row("input, normalized_shape, weight, bias, eps, cudnn_enable", (call) => layerNorm(call)),
  native_layer_norm: row("input, normalized_shape, weight, bias, eps", (call) => layerNorm(call)),
  rms_norm: row("input, normalized_shape, weight, eps", (call) =>
    call.result("rms-norm", [call.tensor("input"), call.optional("weight")], {
      rank: call.integers("normalized_shape").length,
      epsilon: call.number("eps", 1.1920928955078125e-7),
    }),
  ),
  batch_norm: row("input, weight, bias, running_mean, running_var, training, momentum, eps", (call) => batchNorm(call)),
  _native_batch_norm_legit_no_training: row("input, weight, bias, running_mean, running_var, momentum, eps", (call) =>
    batchNorm(call),
  ),
  group_norm: row("input, num_groups, weight, bias, eps", (call) =>
    call.result("group-norm", [call.tensor("input"), call.optional("weight"), call.optional("bias")], {
      groups: call.integer("num_groups"),
      epsilon: call.number("eps", 1e-5),
    }),
  ),
  scaled_dot_product_attention: row("query, key, value, attn_mask, dropout_p, is_causal, scale", (call) =>
    attention(call),
  ),
  _scaled_dot_product_flash_attention_for_cpu: row(
    "query, key, value, dropout_p, is_causal, attn_mask, scale",
    (call) => attention(call),
  ),
};

function attention(call: TorchCall): void {
  const attributes = { causal: call.boolean("is_causal"), scale: call.argument("scale") ?? null };
  const inputs = [call.tensor("query"), call.tensor("key"), call.tensor("value"), call.optional("attn_mask")];
  const [first = ""] = call.outputs;
  call.builder.node({ op: "attention", inputs, attributes, outputs: [first], place: call.place });
}

function layerNorm(call: TorchCall): void {
  const attributes = { rank: call.integers("normalized_shape").length, epsilon: call.number("eps", 1e-5) };
  const inputs = [call.tensor("input"), call.optional("weight"), call.optional("bias")];
  const [first = ""] = call.outputs;
  call.builder.node({ op: "layer-norm", inputs, attributes, outputs: [first], place: call.place });
}

function batchNorm(call: TorchCall): void {
  const names = ["running_mean", "running_var"];
  if (call.boolean("training")) throw call.unserved("is in training mode", "call model.eval() before exporting");
  const statistics = names.map((name) => call.tensor(name));
  const inputs = [call.tensor("input"), call.optional("weight"), call.optional("bias"), ...statistics];
  const [first = ""] = call.outputs;
  call.builder.node({
    op: "batch-norm",
    inputs,
    attributes: { epsilon: call.number("eps", 1e-5) },
    outputs: [first],
    place: call.place,
  });
}
