/** Kernels for products, normalisation and attention. */
import type { Attribute } from "../graph/model-graph.ts";
import { contract, matrixProduct } from "./contract.ts";
import { parseEinsumEquation } from "./einsum-equation.ts";
import {
  atNode,
  axisOf,
  commonDtype,
  flagOf,
  type KernelCall,
  type Kernels,
  maybe,
  numberOf,
  operand,
  promote,
} from "./kernel.ts";
import { type ModelTensor, zeros } from "./model-tensor.ts";
import { around, broadcastTo, permuted } from "./strided.ts";

function product(call: KernelCall, a: ModelTensor, b: ModelTensor): ModelTensor {
  const result = matrixProduct(a, b, promote(a, b));
  if (result !== undefined) return result;
  throw atNode(call, "shape-mismatch", `${a.shape.join(" x ")} times ${b.shape.join(" x ")} has no product`);
}

/** The last two axes exchanged. */
function transposed(tensor: ModelTensor): ModelTensor {
  const rank = tensor.shape.length;
  const axes = tensor.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return rank < 2 ? tensor : permuted(tensor, axes);
}

function matmul(call: KernelCall): ModelTensor {
  const [a, b] = [operand(call, 0), operand(call, 1)];
  return product(call, flagOf(call, "transposeA") ? transposed(a) : a, flagOf(call, "transposeB") ? transposed(b) : b);
}

function linear(call: KernelCall): ModelTensor {
  const result = product(call, operand(call, 0), transposed(operand(call, 1)));
  const bias = maybe(call, 2);
  if (bias === undefined) return result;
  const spread = broadcastTo(bias, result.shape);
  return { ...result, values: result.values.map((value, at) => value + (spread.values[at] as number)) };
}

function einsum(call: KernelCall): ModelTensor {
  const tensors = call.inputs.map((_, index) => operand(call, index));
  const { operands, output } = parseEinsumEquation(
    String(call.attributes.equation),
    tensors.map(({ shape }) => shape.length),
  );
  const dtype = commonDtype(tensors);
  return contract(
    tensors.map((tensor, index) => ({ tensor, labels: operands[index] ?? [] })),
    output,
    dtype,
  );
}

/** The softmax of the elements along an axis, or its logarithm. */
function softmaxAlong(x: ModelTensor, axis: number, logarithm: boolean): ModelTensor {
  const { outer, extent, inner } = around(x.shape, axis);
  const result = zeros(x.dtype, x.shape);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const at = (k: number) => (o * extent + k) * inner + i;
      let top = -Infinity;
      for (let k = 0; k < extent; k++) top = Math.max(top, x.values[at(k)] as number);
      let total = 0;
      for (let k = 0; k < extent; k++) total += Math.exp((x.values[at(k)] as number) - top);
      for (let k = 0; k < extent; k++) {
        const shifted = (x.values[at(k)] as number) - top;
        result.values[at(k)] = logarithm ? shifted - Math.log(total) : Math.exp(shifted) / total;
      }
    }
  }
  return result;
}

function softmax(call: KernelCall, logarithm: boolean): ModelTensor {
  const x = operand(call, 0);
  return softmaxAlong(x, axisOf(call, numberOf(call, "axis", -1), x.shape.length), logarithm);
}

/** Normalises rows of `group` elements, then scales and shifts them by position in the row. */
function normalizeRows(call: KernelCall, x: ModelTensor, options: { group: number; center: boolean }): ModelTensor {
  const { group, center } = options;
  const epsilon = numberOf(call, "epsilon", 1e-5);
  const result = zeros(x.dtype, x.shape);
  for (let start = 0; start < x.values.length; start += group) {
    const row = x.values.subarray(start, start + group);
    const mean = center ? row.reduce((a, b) => a + b, 0) / group : 0;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / group;
    const scale = 1 / Math.sqrt(variance + epsilon);
    for (let k = 0; k < group; k++) result.values[start + k] = ((row[k] as number) - mean) * scale;
  }
  return result;
}

function affine(x: ModelTensor, weight: ModelTensor | undefined, bias: ModelTensor | undefined): ModelTensor {
  const w = weight === undefined ? undefined : broadcastTo(weight, x.shape).values;
  const b = bias === undefined ? undefined : broadcastTo(bias, x.shape).values;
  return { ...x, values: x.values.map((value, at) => value * (w?.[at] ?? 1) + (b?.[at] ?? 0)) };
}

function rowNorm(call: KernelCall, center: boolean): ModelTensor {
  const x = operand(call, 0);
  const rank = numberOf(call, "rank");
  const group = x.shape.slice(x.shape.length - rank).reduce((a, b) => a * b, 1);
  return affine(normalizeRows(call, x, { group, center }), maybe(call, 1), center ? maybe(call, 2) : undefined);
}

/** A vector over the channels (axis 1) as a tensor that broadcasts over `rank` axes. */
function perChannel(vector: ModelTensor | undefined, rank: number, channels: number): ModelTensor | undefined {
  if (vector === undefined) return undefined;
  return { ...vector, shape: [channels, ...new Array<number>(Math.max(0, rank - 2)).fill(1)] };
}

function batchNorm(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const last = flagOf(call, "channelsLast");
  const channels = x.shape[last ? x.shape.length - 1 : 1] ?? 1;
  const shaped = (at: number) => (last ? maybe(call, at) : perChannel(maybe(call, at), x.shape.length, channels));
  const mean = broadcastTo(shaped(3) ?? operand(call, 3), x.shape).values;
  const variance = broadcastTo(shaped(4) ?? operand(call, 4), x.shape).values;
  const epsilon = numberOf(call, "epsilon", 1e-5);
  const values = x.values.map((v, at) => (v - (mean[at] as number)) / Math.sqrt((variance[at] as number) + epsilon));
  return affine({ ...x, values }, shaped(1), shaped(2));
}

function groupNorm(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const [batch = 1, channels = 1] = x.shape;
  const group = x.values.length / (batch * numberOf(call, "groups", 1));
  const shaped = (at: number) => perChannel(maybe(call, at), x.shape.length, channels);
  return affine(normalizeRows(call, x, { group, center: true }), shaped(1), shaped(2));
}

function attention(call: KernelCall): ModelTensor {
  const [query, key, value, mask] = [operand(call, 0), operand(call, 1), operand(call, 2), maybe(call, 3)];
  const depth = query.shape[query.shape.length - 1] ?? 1;
  const given: Attribute = call.attributes.scale ?? null;
  const scale = typeof given === "number" ? given : 1 / Math.sqrt(depth);
  const scores = product(call, query, transposed(key));
  const spread = mask === undefined ? undefined : broadcastTo(mask, scores.shape);
  const columns = scores.shape[scores.shape.length - 1] ?? 1;
  const rows = scores.shape[scores.shape.length - 2] ?? 1;
  const causal = flagOf(call, "causal");
  const values = scores.values.map((score, at) => {
    if (causal && at % columns > Math.floor(at / columns) % rows) return -Infinity;
    if (spread === undefined) return score * scale;
    const weight = spread.values[at] as number;
    return spread.dtype === "bool" ? (weight === 0 ? -Infinity : score * scale) : score * scale + weight;
  });
  return product(call, softmaxAlong({ ...scores, values }, scores.shape.length - 1, false), value);
}

/** Kernels by operator. */
export const algebraKernels: Kernels = {
  matmul,
  linear,
  einsum,
  softmax: (call) => softmax(call, false),
  "log-softmax": (call) => softmax(call, true),
  "layer-norm": (call) => rowNorm(call, true),
  "rms-norm": (call) => rowNorm(call, false),
  "batch-norm": batchNorm,
  "group-norm": groupNorm,
  attention,
};
