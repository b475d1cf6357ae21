/** TensorFlow operators brought to neutral ones. */
import { ModelError } from "../../errors.ts";
import type { Attribute } from "../../graph/model-graph.ts";
import type { TfCall } from "./tf-call.ts";
import { canFuse, fused } from "./tf-fused.ts";
import { tfSparse } from "./tf-sparse.ts";
import { tfWindows } from "./tf-windows.ts";

/** Adds the nodes of one GraphDef node. */
export type TfLowering = (call: TfCall) => void;

const named: Readonly<Record<string, string>> = {
  Identity: "identity",
  StopGradient: "identity",
  PreventGradient: "identity",
  Snapshot: "identity",
  PlaceholderWithDefault: "identity",
  Abs: "abs",
  Neg: "neg",
  Exp: "exp",
  Expm1: "expm1",
  Log: "log",
  Log1p: "log1p",
  Sqrt: "sqrt",
  Rsqrt: "rsqrt",
  Square: "square",
  Reciprocal: "reciprocal",
  Inv: "reciprocal",
  Sin: "sin",
  Cos: "cos",
  Tan: "tan",
  Tanh: "tanh",
  Erf: "erf",
  Floor: "floor",
  Ceil: "ceil",
  Rint: "round",
  Round: "round",
  Sign: "sign",
  Relu: "relu",
  Sigmoid: "sigmoid",
  Softplus: "softplus",
  LogicalNot: "not",
  IsNan: "is-nan",
  IsInf: "is-infinite",
  Add: "add",
  AddV2: "add",
  BiasAdd: "add",
  Sub: "sub",
  Mul: "mul",
  Div: "div",
  RealDiv: "div",
  DivNoNan: "div-no-nan",
  FloorDiv: "floor-div",
  TruncateDiv: "integer-div",
  FloorMod: "mod",
  Mod: "truncated-mod",
  Pow: "pow",
  Maximum: "maximum",
  Minimum: "minimum",
  Atan2: "atan2",
  SquaredDifference: "squared-difference",
  Equal: "equal",
  NotEqual: "not-equal",
  Less: "less",
  LessEqual: "less-equal",
  Greater: "greater",
  GreaterEqual: "greater-equal",
  LogicalAnd: "and",
  LogicalOr: "or",
  SelectV2: "where",
  GatherNd: "gather-nd",
  Rank: "rank-of",
  Size: "count",
};

/** A list that is constant becomes an attribute; one that the model computes stays the second operand. */
const listed =
  (op: string, name: string, more: (call: TfCall) => Record<string, Attribute> = () => ({})): TfLowering =>
  (call) => {
    const list = call.constant(call.input(1));
    if (list !== undefined) call.result(op, [call.input(0)], { [name]: list, ...more(call) });
    else call.result(op, [call.input(0), call.input(1)], more(call));
  };

const reduction = (op: string) => listed(op, "axes", (call) => ({ keepDims: call.flag("keep_dims") }));

const position =
  (op: string): TfLowering =>
  (call) =>
    call.result(op, [call.input(0)], { axis: call.scalar(1), keepDims: false });

const product =
  (a: string, b: string): TfLowering =>
  (call) => {
    const [transposeA, transposeB] = [call.flag(a), call.flag(b)];
    const attributes = transposeA || transposeB ? { transposeA, transposeB } : {};
    call.result("matmul", [call.input(0), call.input(1)], attributes);
  };

function fusedMatmul(call: TfCall): void {
  const attributes = { transposeA: call.flag("transpose_a"), transposeB: call.flag("transpose_b") };
  const product = call.emit("matmul", [call.input(0), call.input(1)], attributes);
  const unknown = call.texts("fused_ops").find((step) => !canFuse(step));
  if (unknown !== undefined) {
    throw new ModelError("operator-unknown", `fused operator ${unknown} is not modelled`, {
      place: call.node.place,
      help: "convert the model without fusing",
    });
  }
  call.result("identity", [fused(call, product)]);
}

function stridedSlice(call: TfCall) {
  const masks = {
    beginMask: call.integer("begin_mask"),
    endMask: call.integer("end_mask"),
    ellipsisMask: call.integer("ellipsis_mask"),
  };
  const more = { newAxisMask: call.integer("new_axis_mask"), shrinkAxisMask: call.integer("shrink_axis_mask") };
  const lists = [1, 2, 3].map((index) => call.constant(call.input(index)));
  if (lists.includes(undefined)) return call.result("strided-slice", call.inputs, { ...masks, ...more });
  const [begin = [], end = [], strides = []] = lists as (readonly number[])[];
  call.result("strided-slice", [call.input(0)], { begin, end, strides, ...masks, ...more });
}

function slice(call: TfCall) {
  const [begin, size] = [call.constant(call.input(1)), call.constant(call.input(2))];
  if (begin === undefined || size === undefined) return call.result("sized-slice", call.inputs);
  call.result("sized-slice", [call.input(0)], { begin, size });
}

function sum(call: TfCall): void {
  const [first = "", ...rest] = call.inputs;
  let held = first;
  for (const next of rest) held = call.emit("add", [held, next]);
  call.result("identity", [held]);
}

function batchNorm(call: TfCall): void {
  if (call.flag("is_training"))
    throw new ModelError("operator-arguments", "is in training mode", {
      place: call.node.place,
      help: "freeze the model for inference",
    });
  const attributes = { epsilon: call.float("epsilon", 1e-4), channelsLast: call.text("data_format") !== "NCHW" };
  call.result("batch-norm", call.inputs.slice(0, 5), attributes);
}

const filled =
  (value: number): TfLowering =>
  (call) =>
    call.result("full-like", [call.input(0)], { value });

const concat =
  (axisAt: "first" | "last"): TfLowering =>
  (call) => {
    const at = axisAt === "first" ? 0 : call.inputs.length - 1;
    call.result(
      "concat",
      call.inputs.filter((_, index) => index !== at),
      { axis: call.scalar(at) },
    );
  };

const table: Readonly<Record<string, TfLowering>> = {
  ...Object.fromEntries(
    Object.entries(named).map(([name, op]): [string, TfLowering] => [name, (call) => call.result(op, call.inputs)]),
  ),
  ...tfSparse,
  ...tfWindows,
  Cast: (call) => call.result("cast", [call.input(0)], { dtype: call.dtype("DstT") ?? "f32" }),
  Relu6: (call) => call.result("clamp", [call.input(0)], { minimum: 0, maximum: 6 }),
  LeakyRelu: (call) => call.result("leaky-relu", [call.input(0)], { alpha: call.float("alpha", 0.2) }),
  Elu: (call) => call.result("elu", [call.input(0)], { alpha: 1 }),
  ClipByValue: (call) => call.result("clamp", call.inputs, { minimum: null, maximum: null }),
  AddN: sum,
  Select: (call) => call.result("where", call.inputs, { leading: true }),
  MatMul: product("transpose_a", "transpose_b"),
  BatchMatMul: product("adj_x", "adj_y"),
  BatchMatMulV2: product("adj_x", "adj_y"),
  _FusedMatMul: fusedMatmul,
  Einsum: (call) => call.result("einsum", call.inputs, { equation: call.text("equation").replaceAll(" ", "") }),
  Softmax: (call) => call.result("softmax", [call.input(0)], { axis: -1 }),
  LogSoftmax: (call) => call.result("log-softmax", [call.input(0)], { axis: -1 }),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV3: batchNorm,
  Sum: reduction("sum"),
  Mean: reduction("mean"),
  Max: reduction("max"),
  Min: reduction("min"),
  Prod: reduction("prod"),
  Any: reduction("any"),
  All: reduction("all"),
  ArgMax: position("argmax"),
  ArgMin: position("argmin"),
  Cumsum: (call) =>
    call.result("cumulative-sum", [call.input(0)], {
      axis: call.scalar(1),
      exclusive: call.flag("exclusive"),
      reverse: call.flag("reverse"),
    }),
  Reshape: listed("reshape", "shape"),
  Transpose: listed("permute", "axes"),
  ExpandDims: listed("unsqueeze", "axes"),
  Squeeze: (call) => {
    const axes = [...call.integers("squeeze_dims"), ...call.integers("axis")];
    call.result("squeeze", [call.input(0)], { axes: axes.length === 0 ? null : axes });
  },
  BroadcastTo: listed("expand", "shape"),
  Tile: listed("tile", "repeats"),
  Concat: concat("first"),
  ConcatV2: concat("last"),
  Pack: (call) => call.result("stack", call.inputs, { axis: call.integer("axis") }),
  Unpack: (call) => call.result("unstack", [call.input(0)], { axis: call.integer("axis") }, call.integer("num", 1)),
  Split: (call) =>
    call.result(
      "split",
      [call.input(1)],
      { axis: call.scalar(0), parts: call.integer("num_split", 1) },
      call.integer("num_split", 1),
    ),
  SplitV: (call) => {
    const lengths = call.constant(call.input(1));
    const count = call.integer("num_split", 1);
    if (lengths !== undefined) call.result("split", [call.input(0)], { axis: call.scalar(2), lengths }, count);
    else call.result("split", [call.input(0), call.input(1)], { axis: call.scalar(2) }, count);
  },
  Slice: slice,
  StridedSlice: stridedSlice,
  Pad: listed("pad", "padding", () => ({ pairs: true, value: 0 })),
  PadV2: (call) => call.result("pad", call.inputs, { pairs: true }),
  Fill: (call) => {
    const [shape, value] = [call.constant(call.input(0)), call.scalar(1)];
    if (shape !== undefined) call.result("full", [], { shape, value, dtype: call.dtype("T") ?? "f32" });
    else call.result("full", [call.input(0)], { value, dtype: call.dtype("T") ?? "f32" });
  },
  ZerosLike: filled(0),
  OnesLike: filled(1),
  Range: (call) => call.result("range", call.inputs),
  Shape: (call) => call.result("shape-of", [call.input(0)], { dtype: call.dtype("out_type") ?? "i32" }),
  ReverseV2: listed("flip", "axes"),
  Gather: (call) => call.result("gather", call.inputs, { axis: 0 }),
  GatherV2: (call) => {
    const axis = call.constant(call.input(2))?.[0];
    if (axis !== undefined) call.result("gather", [call.input(0), call.input(1)], { axis });
    else call.result("gather", call.inputs);
  },
  ScatterNd: (call) => {
    const zeros = call.emit("full", [call.input(2)], { value: 0, dtype: call.dtype("T") ?? "f32" });
    call.result("scatter-nd", [zeros, call.input(0), call.input(1)], { reduction: "add" });
  },
  TensorScatterUpdate: (call) => call.result("scatter-nd", call.inputs, { reduction: "none" }),
  TensorScatterAdd: (call) => call.result("scatter-nd", call.inputs, { reduction: "add" }),
  Where: (call) => call.result("nonzero", [call.input(0)]),
  OneHot: (call) => {
    const pair = call.emit("stack", [call.input(3), call.input(2)], { axis: 0 });
    call.result("one-hot", [call.input(0), call.input(1), pair], { axis: call.integer("axis", -1) });
  },
  TopKV2: (call) => call.result("top-k", [call.input(0), call.input(1)], { axis: -1, largest: true, count: null }, 2),
};

/** The row of an operator. */
export function tfLoweringOf(op: string): TfLowering | undefined {
  return Object.hasOwn(table, op) ? table[op] : undefined;
}

/** Names of all rows, to suggest from. */
export const tfOperators: readonly string[] = Object.keys(table);

/** Operators that are imported whole, with their attributes, but not evaluated. */
export const tfForeign: ReadonlySet<string> = new Set(
  ["Conv2DBackpropInput"].concat(
    [
      "ResizeNearestNeighbor",
      "ResizeBilinear",
      "TensorListReserve",
      "TensorListFromTensor",
      "TensorListStack",
      "TensorListGetItem",
    ],
    [
      "TensorListSetItem",
      "StatelessWhile",
      "While",
      "StatelessIf",
      "If",
      "Switch",
      "Merge",
      "Enter",
      "Exit",
      "NextIteration",
      "LoopCond",
    ],
    [
      "NonMaxSuppressionV3",
      "NonMaxSuppressionV5",
      "CropAndResize",
      "LRN",
      "SpaceToBatchND",
      "BatchToSpaceND",
      "MirrorPad",
    ],
  ),
);
