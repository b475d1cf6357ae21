/** Convolutions and pools of PyTorch. */
import type { Attribute } from "../../graph/model-graph.ts";
import { type Lowering, type Lowerings, row } from "./lowering.ts";
import type { TorchCall } from "./torch-call.ts";

/** The attributes of a convolution; `padding` may be "same" or "valid". */
function convolution(call: TorchCall): void {
  const padding = call.argument("padding");
  const named = typeof padding === "string";
  const attributes: Record<string, Attribute> = {
    strides: call.integers("stride", [1]),
    dilations: call.integers("dilation", [1]),
    groups: call.integer("groups", 1),
    ...(padding === "same" && { same: "upper" }),
    ...(!named && { padding: call.integers("padding", [0]) }),
  };
  call.result("conv", [call.tensor("input"), call.tensor("weight"), call.optional("bias")], attributes);
}

const conv = row("input, weight, bias, stride, padding, dilation, groups", convolution);

/** The general form, of which transposed ones are refused. */
const general = row("input, weight, bias, stride, padding, dilation, transposed, output_padding, groups", (call) => {
  if (call.boolean("transposed"))
    throw call.unserved("is transposed", "cut the model before it, or write it as a product with a matrix");
  convolution(call);
});

/** A list with one number for each of so many axes. */
function spread(list: readonly number[], axes: number): readonly number[] {
  return list.length === axes ? list : new Array<number>(axes).fill(list[0] ?? 1);
}

const maximum = (axes: number): Lowering =>
  row("self, kernel_size, stride, padding, dilation, ceil_mode", (call) => {
    const kernel = spread(call.integers("kernel_size"), axes);
    const stride = call.argument("stride") === undefined ? [] : call.integers("stride");
    const attributes = {
      kernel,
      strides: stride.length === 0 ? kernel : spread(stride, axes),
      padding: call.integers("padding", [0]),
      dilations: call.integers("dilation", [1]),
      ceil: call.boolean("ceil_mode"),
    };
    const [first = ""] = call.outputs;
    // Positions of the largest, where the operator gives them too, have no neutral operator.
    call.builder.node({
      op: "max-pool",
      inputs: [call.tensor("self")],
      attributes,
      outputs: [first],
      place: call.place,
    });
  });

const mean = (axes: number): Lowering =>
  row("self, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override", (call) => {
    const kernel = spread(call.integers("kernel_size"), axes);
    const stride = call.argument("stride") === undefined ? [] : call.integers("stride");
    const divisor = call.argument("divisor_override");
    call.result("mean-pool", [call.tensor("self")], {
      kernel,
      strides: stride.length === 0 ? kernel : spread(stride, axes),
      padding: call.integers("padding", [0]),
      ceil: call.boolean("ceil_mode"),
      countPadding: call.boolean("count_include_pad", true),
      ...(typeof divisor === "number" && { divisor }),
    });
  });

/** Pools to a given size: to one place, which is a pool over all there is. */
const adaptive = (op: string): Lowering =>
  row("self, output_size", (call) => {
    if (call.integers("output_size").some((size) => size !== 1))
      throw call.unserved("pools to more than one place", "give the pool a kernel and a stride instead");
    const [first = ""] = call.outputs;
    const attributes = { global: true };
    call.builder.node({ op, inputs: [call.tensor("self")], attributes, outputs: [first], place: call.place });
  });

/** Rows by operator. */
export const windowing: Lowerings = {
  conv1d: conv,
  conv2d: conv,
  conv3d: conv,
  convolution: general,
  max_pool1d: maximum(1),
  max_pool2d: maximum(2),
  max_pool3d: maximum(3),
  max_pool2d_with_indices: maximum(2),
  max_pool3d_with_indices: maximum(3),
  avg_pool1d: mean(1),
  avg_pool2d: mean(2),
  avg_pool3d: mean(3),
  adaptive_avg_pool1d: adaptive("mean-pool"),
  adaptive_avg_pool2d: adaptive("mean-pool"),
  adaptive_avg_pool3d: adaptive("mean-pool"),
  adaptive_max_pool1d: adaptive("max-pool"),
  adaptive_max_pool2d: adaptive("max-pool"),
};
