/** ONNX operators brought to neutral ones: arithmetic, products, reductions. */
import { ModelError } from "../../errors.ts";
import { isFloat } from "../../graph/dtype.ts";
import type { OnnxCall } from "./onnx-call.ts";
import { onnxDtype } from "./onnx-tensor.ts";

/** Adds the nodes of one ONNX node. */
export type OnnxLowering = (call: OnnxCall) => void;

const same =
  (op: string): OnnxLowering =>
  (call) =>
    call.result(op, call.inputs);

const named: Readonly<Record<string, string>> = {
  Identity: "identity",
  Abs: "abs",
  Neg: "neg",
  Exp: "exp",
  Log: "log",
  Sqrt: "sqrt",
  Reciprocal: "reciprocal",
  Relu: "relu",
  Sigmoid: "sigmoid",
  Tanh: "tanh",
  Erf: "erf",
  Sin: "sin",
  Cos: "cos",
  Tan: "tan",
  Floor: "floor",
  Ceil: "ceil",
  Round: "round",
  Sign: "sign",
  Not: "not",
  IsNaN: "is-nan",
  IsInf: "is-infinite",
  Softplus: "softplus",
  Mish: "mish",
  HardSwish: "hard-swish",
  Swish: "silu",
  PRelu: "p-relu",
  Add: "add",
  Sub: "sub",
  Mul: "mul",
  Pow: "pow",
  Equal: "equal",
  Less: "less",
  LessOrEqual: "less-equal",
  Greater: "greater",
  GreaterOrEqual: "greater-equal",
  And: "and",
  Or: "or",
  Xor: "xor",
  BitwiseAnd: "bitwise-and",
  BitwiseOr: "bitwise-or",
  BitwiseXor: "bitwise-xor",
  BitwiseNot: "bitwise-not",
  Where: "where",
  MatMul: "matmul",
  GatherND: "gather-nd",
};

const alpha =
  (op: string, absent: number): OnnxLowering =>
  (call) =>
    call.result(op, call.inputs, { alpha: call.float("alpha", absent) });

const folded =
  (op: string): OnnxLowering =>
  (call) => {
    const [first, ...rest] = call.inputs;
    if (rest.length === 0) return call.result("identity", [first ?? null]);
    const last = rest.length - 1;
    let held = first ?? null;
    for (const [index, next] of rest.entries()) {
      if (index === last) call.result(op, [held, next]);
      else held = call.emit(op, [held, next]);
    }
  };

const reduction =
  (op: string, before?: string, after?: string): OnnxLowering =>
  (call) => {
    const input = before === undefined ? call.input(0) : call.emit(before, [call.input(0)]);
    const axes = call.numbers("axes", 1) ?? [];
    const none = axes.length === 0 && call.integer("noop_with_empty_axes", 0) === 1;
    const attributes = {
      axes,
      keepDims: call.integer("keepdims", 1) === 1,
      ...(none ? { noAxesMeansNone: true } : {}),
    };
    const computed =
      call.optional(1) !== null && call.numbers("axes", 1) === undefined ? [input, call.input(1)] : [input];
    if (after === undefined) call.result(op, computed, attributes);
    else call.result(after, [call.emit(op, computed, attributes)]);
  };

const norm =
  (order: number): OnnxLowering =>
  (call) =>
    call.result("norm", [call.input(0)], {
      axes: call.numbers("axes", 1) ?? [],
      keepDims: call.integer("keepdims", 1) === 1,
      order,
    });

const position =
  (op: string): OnnxLowering =>
  (call) =>
    call.result(op, [call.input(0)], { axis: call.integer("axis", 0), keepDims: call.integer("keepdims", 1) === 1 });

// Before version 13 the input counts as a matrix that is cut at `axis`.
const softmax =
  (op: string): OnnxLowering =>
  (call) => {
    if (call.scope.opset >= 13) return call.result(op, [call.input(0)], { axis: call.integer("axis", -1) });
    const axis = call.integer("axis", 1);
    const rank = call.scope.builder.valueOf(call.input(0)).shape?.length;
    if (rank !== undefined && (axis === rank - 1 || axis === -1)) return call.result(op, [call.input(0)], { axis: -1 });
    const flat = call.emit("matrix-at", [call.input(0)], { axis });
    const result = call.emit(op, [flat], { axis: 1 });
    call.result("reshape-like", [result, call.input(0)]);
  };

function gemm(call: OnnxCall) {
  const factor = call.float("alpha", 1);
  const beta = call.float("beta", 1);
  const bias = call.optional(2);
  const attributes = { transposeA: call.integer("transA", 0) === 1, transposeB: call.integer("transB", 0) === 1 };
  const operands = [call.input(0), call.input(1)];
  if (factor === 1 && beta === 1 && !attributes.transposeA && attributes.transposeB)
    return call.result("linear", [...operands, bias]);
  const last = bias === null && factor === 1;
  if (last) return call.result("matmul", operands, attributes);
  const product = call.emit("matmul", operands, attributes);
  const scaled = factor === 1 ? product : bias === null ? undefined : call.emit("mul", [product, call.scalar(factor)]);
  if (scaled === undefined) return call.result("mul", [product, call.scalar(factor)]);
  call.result("add", [scaled, beta === 1 ? bias : call.emit("mul", [bias, call.scalar(beta)])]);
}

function layerNorm(call: OnnxCall) {
  const axis = call.integer("axis", -1);
  const rank = call.scope.builder.valueOf(call.input(0)).shape?.length;
  const inner = axis < 0 ? -axis : rank === undefined ? undefined : rank - axis;
  if (inner === undefined) {
    throw new ModelError("operator-arguments", "needs the rank of its input to count its axis from the end", {
      place: call.place,
      help: "run onnx.shape_inference before importing",
    });
  }
  const [first = ""] = call.outputs;
  const attributes = { rank: inner, epsilon: call.float("epsilon", 1e-5) };
  const inputs = [call.input(0), call.optional(1), call.optional(2)];
  call.scope.add({ op: "layer-norm", inputs, attributes, outputs: [first], place: call.place });
}

function divide(call: OnnxCall) {
  const dtype = call.scope.builder.valueOf(call.input(0)).dtype;
  call.result(dtype !== undefined && !isFloat(dtype) ? "integer-div" : "div", call.inputs);
}

function clip(call: OnnxCall) {
  const bound = (name: string, index: number) =>
    call.has(name)
      ? call.float(name, 0)
      : call.optional(index) === null
        ? null
        : (call.scope.constant(call.input(index))?.[0] ?? undefined);
  const [minimum, maximum] = [bound("min", 1), bound("max", 2)];
  if (minimum !== undefined && maximum !== undefined) call.result("clamp", [call.input(0)], { minimum, maximum });
  else call.result("clamp", [call.input(0), call.optional(1), call.optional(2)], { minimum: null, maximum: null });
}

function batchNorm(call: OnnxCall) {
  if (call.integer("training_mode", 0) === 1) {
    throw new ModelError("operator-arguments", "is in training mode", {
      place: call.place,
      help: "export the model for inference",
    });
  }
  const [first = ""] = call.outputs;
  const attributes = { epsilon: call.float("epsilon", 1e-5) };
  call.scope.add({ op: "batch-norm", inputs: call.inputs, attributes, outputs: [first], place: call.place });
}

/** Rows by operator. */
export const onnxAlgebra: Readonly<Record<string, OnnxLowering>> = {
  ...Object.fromEntries(Object.entries(named).map(([name, op]) => [name, same(op)])),
  LeakyRelu: alpha("leaky-relu", 0.01),
  Elu: alpha("elu", 1),
  HardSigmoid: (call) =>
    call.result("hard-sigmoid", call.inputs, { alpha: call.float("alpha", 0.2), beta: call.float("beta", 0.5) }),
  Gelu: (call) => call.result("gelu", call.inputs, { approximate: call.text("approximate", "none") === "tanh" }),
  Div: divide,
  Mod: (call) => call.result(call.integer("fmod", 0) === 1 ? "truncated-mod" : "mod", call.inputs),
  Max: folded("maximum"),
  Min: folded("minimum"),
  Sum: folded("add"),
  Clip: clip,
  Cast: (call) => call.result("cast", [call.input(0)], { dtype: onnxDtype(call.integer("to", 1), call.place) }),
  CastLike: (call) => {
    const dtype = call.scope.builder.valueOf(call.input(1)).dtype;
    if (dtype !== undefined) call.result("cast", [call.input(0)], { dtype });
    else call.result("cast-like", [call.input(0), call.input(1)]);
  },
  Gemm: gemm,
  Einsum: (call) => call.result("einsum", call.inputs, { equation: call.text("equation", "").replaceAll(" ", "") }),
  Softmax: softmax("softmax"),
  LogSoftmax: softmax("log-softmax"),
  LayerNormalization: layerNorm,
  RMSNormalization: (call) =>
    call.result("rms-norm", [call.input(0), call.optional(1)], { rank: 1, epsilon: call.float("epsilon", 1e-5) }),
  BatchNormalization: batchNorm,
  ReduceSum: reduction("sum"),
  ReduceMean: reduction("mean"),
  ReduceMax: reduction("max"),
  ReduceMin: reduction("min"),
  ReduceProd: reduction("prod"),
  ReduceSumSquare: reduction("sum", "square"),
  ReduceLogSum: reduction("sum", undefined, "log"),
  ReduceLogSumExp: reduction("log-sum-exp"),
  ReduceL1: norm(1),
  ReduceL2: norm(2),
  ArgMax: position("argmax"),
  ArgMin: position("argmin"),
  CumSum: (call) =>
    call.result("cumulative-sum", call.inputs, {
      axis: call.scope.constant(call.input(1))?.[0] ?? null,
      exclusive: call.integer("exclusive", 0) === 1,
      reverse: call.integer("reverse", 0) === 1,
    }),
};
