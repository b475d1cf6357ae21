/** Kernels that make tensors from sizes. */
import { axisOf, dtypeOf, type KernelCall, type Kernels, numberOf, operand } from "./kernel.ts";
import { type ModelTensor, scalarTensor, zeros } from "./model-tensor.ts";
import { listOf } from "./shape-kernels.ts";

function full(call: KernelCall): ModelTensor {
  const result = zeros(dtypeOf(call), listOf(call, "shape", 0));
  result.values.fill(numberOf(call, "value", 0));
  return result;
}

function range(call: KernelCall): ModelTensor {
  const part = (name: string, at: number) => call.inputs[at]?.values[0] ?? numberOf(call, name);
  const [start, end, step] = [part("start", 0), part("end", 1), part("step", 2)];
  const count = Math.max(0, Math.ceil((end - start) / step));
  const result = zeros(typeof call.attributes.dtype === "string" ? dtypeOf(call) : (call.inputs[0]?.dtype ?? "i64"), [
    count,
  ]);
  for (let at = 0; at < count; at++) result.values[at] = start + at * step;
  return result;
}

function eye(call: KernelCall): ModelTensor {
  const size = numberOf(call, "size");
  const result = zeros(dtypeOf(call), [size, size]);
  for (let at = 0; at < size; at++) result.values[at * (size + 1)] = 1;
  return result;
}

/** Kernels by operator. */
export const creationKernels: Kernels = {
  full,
  "full-like": (call) => {
    const x = operand(call, 0);
    const result = zeros(typeof call.attributes.dtype === "string" ? dtypeOf(call) : x.dtype, x.shape);
    result.values.fill(numberOf(call, "value", 0));
    return result;
  },
  range,
  eye,
  "size-value": (call) => scalarTensor("i64", numberOf(call, "size")),
  "size-of": (call) => {
    const { shape } = operand(call, 0);
    return scalarTensor("i64", shape[axisOf(call, numberOf(call, "axis"), shape.length)] ?? 1);
  },
  "shape-of": (call) => {
    const { shape } = operand(call, 0);
    return {
      dtype: typeof call.attributes.dtype === "string" ? dtypeOf(call) : "i64",
      shape: [shape.length],
      values: Float64Array.from(shape),
    };
  },
  count: (call) => scalarTensor("i64", operand(call, 0).values.length),
  "rank-of": (call) => scalarTensor("i32", operand(call, 0).shape.length),
};
