/** Kernels that work element by element. */
import { type Dtype, isFloat } from "../graph/dtype.ts";
import { errorFunction } from "./error-function.ts";
import { atNode, dtypeOf, type KernelCall, type Kernels, numberOf, operand, promote } from "./kernel.ts";
import { castTensor, type ModelTensor, zeros } from "./model-tensor.ts";
import { broadcastShape, broadcastTo } from "./strided.ts";

const asFloat = (dtype: Dtype): Dtype => (isFloat(dtype) ? dtype : "f32");

function mapped(tensor: ModelTensor, dtype: Dtype, compute: (value: number) => number): ModelTensor {
  return { dtype, shape: tensor.shape, values: tensor.values.map(compute) };
}

/** Functions whose result is a float whatever comes in. */
const floating = (compute: (value: number) => number) => (call: KernelCall) => {
  const x = operand(call, 0);
  return mapped(x, asFloat(x.dtype), compute);
};
/** Functions that keep the type. */
const keeping = (compute: (value: number) => number) => (call: KernelCall) => {
  const x = operand(call, 0);
  return mapped(x, x.dtype, compute);
};
const logical = (compute: (value: number) => boolean) => (call: KernelCall) =>
  mapped(operand(call, 0), "bool", (value) => Number(compute(value)));

/** Two operands broadcast against each other. */
function pairwise(call: KernelCall, compute: (a: number, b: number) => number, result?: Dtype): ModelTensor {
  const [a, b] = [operand(call, 0), operand(call, 1)];
  const shape = broadcastShape([a.shape, b.shape]);
  if (shape === undefined) {
    throw atNode(call, "shape-mismatch", `${a.shape.join(" x ")} and ${b.shape.join(" x ")} do not broadcast`);
  }
  const output = zeros(result ?? promote(a, b), shape);
  const [left, right] = [broadcastTo(a, shape).values, broadcastTo(b, shape).values];
  for (let at = 0; at < output.values.length; at++)
    output.values[at] = compute(left[at] as number, right[at] as number);
  return output;
}

const arithmetic = (compute: (a: number, b: number) => number) => (call: KernelCall) => pairwise(call, compute);
const comparison = (compute: (a: number, b: number) => boolean) => (call: KernelCall) =>
  pairwise(call, (a, b) => Number(compute(a, b)), "bool");
const quotient = (compute: (a: number, b: number) => number) => (call: KernelCall) =>
  pairwise(call, compute, asFloat(promote(operand(call, 0), operand(call, 1))));
const bitwise = (compute: (a: bigint, b: bigint) => bigint) => (call: KernelCall) =>
  pairwise(call, (a, b) => Number(compute(BigInt(a), BigInt(b))));

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const roundHalfEven = (x: number) => {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
};
const floorMod = (a: number, b: number) => a - b * Math.floor(a / b);
const bounds = (call: KernelCall) => {
  const edge = (name: string, at: number, open: number) =>
    typeof call.attributes[name] === "number" ? numberOf(call, name) : (call.inputs[at]?.values[0] ?? open);
  const [low, high] = [edge("minimum", 1, -Infinity), edge("maximum", 2, Infinity)];
  return (x: number) => Math.max(low, Math.min(high, x));
};
const withAlpha = (compute: (x: number, alpha: number) => number) => (call: KernelCall) => {
  const alpha = numberOf(call, "alpha", 1);
  return mapped(operand(call, 0), operand(call, 0).dtype, (x) => compute(x, alpha));
};
const sqrtHalf = Math.SQRT1_2;
const gelu = (x: number) => 0.5 * x * (1 + errorFunction(x * sqrtHalf));
const geluTanh = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

function where(call: KernelCall): ModelTensor {
  const [yes, no] = [operand(call, 1), operand(call, 2)];
  const given = operand(call, 0);
  // TensorFlow's first Select lets a vector choose whole rows.
  const byRow = call.attributes.leading === true && given.shape.length === 1 && yes.shape.length > 1;
  const condition = byRow ? { ...given, shape: [...given.shape, ...yes.shape.slice(1).map(() => 1)] } : given;
  const shape = broadcastShape([condition.shape, yes.shape, no.shape]);
  if (shape === undefined) throw atNode(call, "shape-mismatch", "its three operands do not broadcast");
  const output = zeros(promote(yes, no), shape);
  const [c, y, n] = [broadcastTo(condition, shape), broadcastTo(yes, shape), broadcastTo(no, shape)];
  for (let at = 0; at < output.values.length; at++) {
    output.values[at] = (c.values[at] === 0 ? n.values[at] : y.values[at]) as number;
  }
  return output;
}

/** Kernels by operator. */
export const elementwiseKernels: Kernels = {
  identity: (call) => operand(call, 0),
  cast: (call) => castTensor(operand(call, 0), dtypeOf(call)),
  "cast-like": (call) => castTensor(operand(call, 0), operand(call, 1).dtype),
  abs: keeping(Math.abs),
  neg: keeping((x) => -x),
  exp: floating(Math.exp),
  exp2: floating((x) => 2 ** x),
  expm1: floating(Math.expm1),
  log: floating(Math.log),
  log2: floating(Math.log2),
  log10: floating(Math.log10),
  log1p: floating(Math.log1p),
  sqrt: floating(Math.sqrt),
  rsqrt: floating((x) => 1 / Math.sqrt(x)),
  square: keeping((x) => x * x),
  reciprocal: floating((x) => 1 / x),
  sin: floating(Math.sin),
  cos: floating(Math.cos),
  tan: floating(Math.tan),
  tanh: floating(Math.tanh),
  erf: floating(errorFunction),
  floor: keeping(Math.floor),
  ceil: keeping(Math.ceil),
  round: keeping(roundHalfEven),
  trunc: keeping(Math.trunc),
  sign: keeping(Math.sign),
  relu: keeping((x) => Math.max(0, x)),
  sigmoid: floating(sigmoid),
  silu: floating((x) => x * sigmoid(x)),
  mish: floating((x) => x * Math.tanh(softplus(x))),
  softplus: floating(softplus),
  "hard-swish": floating((x) => (x * Math.min(6, Math.max(0, x + 3))) / 6),
  "hard-sigmoid": (call) => {
    const [alpha, beta] = [numberOf(call, "alpha", 0.2), numberOf(call, "beta", 0.5)];
    return mapped(operand(call, 0), operand(call, 0).dtype, (x) => Math.min(1, Math.max(0, alpha * x + beta)));
  },
  gelu: (call) =>
    mapped(operand(call, 0), operand(call, 0).dtype, call.attributes.approximate === true ? geluTanh : gelu),
  "leaky-relu": withAlpha((x, alpha) => (x < 0 ? alpha * x : x)),
  elu: withAlpha((x, alpha) => (x < 0 ? alpha * Math.expm1(x) : x)),
  "p-relu": (call) => pairwise(call, (x, slope) => (x < 0 ? slope * x : x)),
  clamp: (call) => mapped(operand(call, 0), operand(call, 0).dtype, bounds(call)),
  not: logical((x) => x === 0),
  "bitwise-not": (call) => {
    const x = operand(call, 0);
    return mapped(x, x.dtype, x.dtype === "bool" ? (value) => 1 - value : (value) => -value - 1);
  },
  "is-nan": logical(Number.isNaN),
  "is-infinite": logical((x) => Math.abs(x) === Infinity),
  add: arithmetic((a, b) => a + b),
  sub: arithmetic((a, b) => a - b),
  mul: arithmetic((a, b) => a * b),
  div: quotient((a, b) => a / b),
  "integer-div": arithmetic((a, b) => Math.trunc(a / b)),
  "floor-div": arithmetic((a, b) => Math.floor(a / b)),
  "div-no-nan": quotient((a, b) => (b === 0 ? 0 : a / b)),
  mod: arithmetic(floorMod),
  "truncated-mod": arithmetic((a, b) => a % b),
  pow: arithmetic((a, b) => a ** b),
  maximum: arithmetic((a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.max(a, b))),
  minimum: arithmetic((a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.min(a, b))),
  atan2: quotient(Math.atan2),
  "squared-difference": arithmetic((a, b) => (a - b) * (a - b)),
  equal: comparison((a, b) => a === b),
  "not-equal": comparison((a, b) => a !== b),
  less: comparison((a, b) => a < b),
  "less-equal": comparison((a, b) => a <= b),
  greater: comparison((a, b) => a > b),
  "greater-equal": comparison((a, b) => a >= b),
  and: comparison((a, b) => a !== 0 && b !== 0),
  or: comparison((a, b) => a !== 0 || b !== 0),
  xor: comparison((a, b) => (a !== 0) !== (b !== 0)),
  "bitwise-and": bitwise((a, b) => a & b),
  "bitwise-or": bitwise((a, b) => a | b),
  "bitwise-xor": bitwise((a, b) => a ^ b),
  where,
};
