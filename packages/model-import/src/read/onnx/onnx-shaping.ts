/** ONNX operators brought to neutral ones: shapes, places, sequences, bodies. */
import { messageOf, numbersOf, stringOf } from "../../archive/protobuf.ts";
import { ModelError } from "../../errors.ts";
import type { Attribute } from "../../graph/model-graph.ts";
import type { OnnxCall } from "./onnx-call.ts";
import type { OnnxLowering } from "./onnx-operators.ts";
import { onnxDtype } from "./onnx-tensor.ts";

/** A list that is an attribute of the neutral operator where it is constant, and its second operand where it is not. */
const listed =
  (op: string, name: string, onnxName = name): OnnxLowering =>
  (call) => {
    const numbers = call.numbers(onnxName, 1);
    if (numbers !== undefined) call.result(op, [call.input(0)], { [name]: numbers });
    else if (call.optional(1) === null) call.result(op, [call.input(0)], { [name]: null });
    else call.result(op, [call.input(0), call.input(1)], {});
  };

function reshape(call: OnnxCall) {
  const zeroCopies = call.integer("allowzero", 0) === 0;
  const shape = call.numbers("shape", 1);
  if (shape === undefined) return call.result("reshape", [call.input(0), call.input(1)], { zeroCopies });
  call.result("reshape", [call.input(0)], shape.includes(0) && zeroCopies ? { shape, zeroCopies } : { shape });
}

// One slice for each axis; ends beyond any extent mean the end.
function slice(call: OnnxCall) {
  const starts = endsOf(call, "starts", 1);
  const ends = endsOf(call, "ends", 2);
  const axes = call.numbers("axes", 3) ?? starts.map((_, axis) => axis);
  const steps = call.numbers("steps", 4) ?? starts.map(() => 1);
  let input = call.input(0);
  if (starts.length === 0) return call.result("identity", [input]);
  for (const [index, start] of starts.entries()) {
    const end = ends[index] ?? null;
    const step = steps[index] ?? 1;
    const open = typeof end === "number" && (step > 0 ? end >= 2 ** 31 - 1 : end <= -(2 ** 31) + 1);
    const attributes = {
      axis: axes[index] ?? index,
      start,
      end: open ? (step > 0 ? null : Number.MIN_SAFE_INTEGER) : end,
      step,
    };
    if (index === starts.length - 1) call.result("slice", [input], attributes);
    else input = call.emit("slice", [input], attributes);
  }
}

function endsOf(call: OnnxCall, name: string, index: number): Attribute[] {
  const numbers = call.numbers(name, index);
  if (numbers !== undefined) return [...numbers];
  const value = call.input(index);
  const count = call.scope.builder.valueOf(value).shape?.[0] ?? 1;
  if (count === 1) return [{ value }];
  return Array.from({ length: Number(count) }, (_, position) => ({
    value: call.emit("select", [value], { axis: 0, index: position }),
  }));
}

function split(call: OnnxCall) {
  const axis = call.integer("axis", 0);
  const lengths = call.numbers("split", 1);
  if (lengths !== undefined) call.result("split", [call.input(0)], { axis, lengths });
  else if (call.optional(1) === null)
    call.result("split", [call.input(0)], { axis, parts: call.integer("num_outputs", call.outputs.length) });
  else call.result("split", [call.input(0), call.input(1)], { axis });
}

function pad(call: OnnxCall) {
  if (call.text("mode", "constant") !== "constant")
    throw unserved(call, "does not pad with a constant", "pad before the model");
  const padding = call.numbers("pads", 1);
  if (padding === undefined) return call.result("pad", [call.input(0), call.input(1), call.optional(2)], {});
  const value = call.has("value")
    ? call.float("value", 0)
    : call.optional(2) === null
      ? 0
      : call.scope.constant(call.input(2))?.[0];
  const inputs = value === undefined ? [call.input(0), null, call.input(2)] : [call.input(0)];
  call.result("pad", inputs, { padding, value: value ?? 0 });
}

function unserved(call: OnnxCall, what: string, help: string): ModelError {
  return new ModelError("operator-arguments", `${call.op} ${what}`, { place: call.place, help });
}

function constantOfShape(call: OnnxCall) {
  const attribute = call.attribute("value");
  const tensor = attribute === undefined ? undefined : messageOf(attribute, "t");
  const scalar =
    tensor === undefined ? undefined : call.scope.tensor(tensor, `${call.outputs[0]}.value`, call.place.path ?? "");
  const value = scalar === undefined ? 0 : call.scope.constant(scalar)?.[0];
  const dtype = scalar === undefined ? "f32" : (call.scope.builder.valueOf(scalar).dtype ?? "f32");
  const shape = call.scope.constant(call.input(0));
  if (shape !== undefined && value !== undefined) call.result("full", [], { shape, value, dtype });
  else call.result("full", [call.input(0)], { value: value ?? 0, dtype });
}

function constant(call: OnnxCall) {
  const [output = ""] = call.outputs;
  const tensor = call.attribute("value");
  const inner = tensor === undefined ? undefined : messageOf(tensor, "t");
  if (inner !== undefined) {
    call.scope.tensor(inner, output, call.place.path ?? "");
    return;
  }
  const single = ["value_float", "value_int"].find((name) => call.has(name));
  const list = ["value_floats", "value_ints"].find((name) => call.has(name));
  const whole = (single ?? list ?? "").includes("int");
  if (single !== undefined) {
    const value = whole ? call.integer(single, 0) : call.float(single, 0);
    return call.result("full", [], { shape: [], value, dtype: whole ? "i64" : "f32" });
  }
  const attribute = list === undefined ? undefined : call.attribute(list);
  if (attribute === undefined)
    throw unserved(call, "holds no numbers", "strings and sparse constants of nodes are not read");
  const numbers = numbersOf(attribute, whole ? "ints" : "floats");
  const proto = {
    dims: [numbers.length],
    dataType: whole ? 7 : 1,
    [whole ? "int64s" : "floats"]: numbers,
    name: output,
  };
  call.scope.tensor(proto, output, call.place.path ?? "");
}

function scatter(op: string): OnnxLowering {
  return (call) => {
    const reduction = call.text("reduction", "none");
    const axis = op === "scatter-elements" ? { axis: call.integer("axis", 0) } : {};
    call.result(op, [call.input(0), call.input(1), call.input(2)], { ...axis, reduction });
  };
}

function shapeOf(call: OnnxCall) {
  if (call.integer("start", 0) === 0 && !call.has("end")) return call.result("shape-of", [call.input(0)]);
  const shape = call.emit("shape-of", [call.input(0)]);
  const attributes = {
    axis: 0,
    start: call.integer("start", 0),
    end: call.has("end") ? call.integer("end", 0) : null,
    step: 1,
  };
  call.result("slice", [shape], attributes);
}

function withBodies(op: string, names: readonly string[]): OnnxLowering {
  return (call) => {
    const regions = names.map((name) => {
      const graph = call.graph(name);
      if (graph === undefined) throw unserved(call, `has no ${name}`, "check the model with onnx.checker");
      return call.scope.region(graph, `${call.outputs[0] ?? op}.${name}`, `${call.place.path}.${name}`);
    });
    call.scope.add({ op, inputs: call.inputs, attributes: {}, outputs: call.outputs, place: call.place, regions });
  };
}

const plain =
  (op: string): OnnxLowering =>
  (call) =>
    call.result(op, call.inputs);

/** Rows by operator. */
export const onnxShaping: Readonly<Record<string, OnnxLowering>> = {
  Reshape: reshape,
  Flatten: (call) => call.result("matrix-at", [call.input(0)], { axis: call.integer("axis", 1) }),
  Transpose: (call) => call.result("permute", [call.input(0)], { axes: call.integers("perm") ?? [] }),
  Expand: listed("expand", "shape"),
  Squeeze: listed("squeeze", "axes"),
  Unsqueeze: listed("unsqueeze", "axes"),
  Concat: (call) => call.result("concat", call.inputs, { axis: call.integer("axis", 0) }),
  Slice: slice,
  Split: split,
  Tile: listed("tile", "repeats"),
  Pad: pad,
  Shape: shapeOf,
  Size: (call) => call.result("count", [call.input(0)]),
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: (call) => call.result("range", call.inputs, {}),
  Gather: (call) => call.result("gather", [call.input(0), call.input(1)], { axis: call.integer("axis", 0) }),
  GatherElements: (call) =>
    call.result("gather-elements", [call.input(0), call.input(1)], { axis: call.integer("axis", 0) }),
  ScatterElements: scatter("scatter-elements"),
  Scatter: scatter("scatter-elements"),
  ScatterND: scatter("scatter-nd"),
  NonZero: (call) => call.result("permute", [call.emit("nonzero", [call.input(0)])], { axes: [1, 0] }),
  OneHot: (call) => call.result("one-hot", call.inputs, { axis: call.integer("axis", -1) }),
  TopK: (call) =>
    call.result("top-k", call.inputs, {
      axis: call.integer("axis", -1),
      largest: call.integer("largest", 1) === 1,
      count: call.integer("k", 0) || null,
    }),
  Trilu: (call) => call.result("triangle", call.inputs, { upper: call.integer("upper", 1) === 1, diagonal: 0 }),
  EyeLike: (call) => {
    const [rows] = call.scope.builder.valueOf(call.input(0)).shape ?? [];
    if (typeof rows !== "number")
      throw unserved(call, "needs a matrix of known size", "run onnx.shape_inference before importing");
    call.result("eye", [], {
      size: rows,
      dtype: call.has("dtype") ? onnxDtype(call.integer("dtype", 1), call.place) : "f32",
    });
  },
  Dropout: (call) => {
    const [first = ""] = call.outputs;
    call.scope.add({ op: "identity", inputs: [call.input(0)], outputs: [first], place: call.place });
  },
  Loop: withBodies("loop", ["body"]),
  If: withBodies("if", ["then_branch", "else_branch"]),
  SequenceEmpty: plain("sequence-empty"),
  SequenceConstruct: plain("sequence-construct"),
  SequenceInsert: plain("sequence-insert"),
  SequenceAt: plain("sequence-at"),
  SequenceLength: plain("sequence-length"),
  SplitToSequence: (call) => call.result("split-to-sequence", call.inputs, { axis: call.integer("axis", 0) }),
  ConcatFromSequence: (call) =>
    call.result("concat-from-sequence", call.inputs, {
      axis: call.integer("axis", 0),
      newAxis: call.integer("new_axis", 0) === 1,
    }),
};

/** Operators of ONNX that are imported whole, with their attributes, but not evaluated. */
export const onnxForeign: ReadonlySet<string> = new Set(
  ["ConvTranspose", "LRN", "Resize", "Upsample", "RoiAlign"].concat([
    "InstanceNormalization",
    "LpNormalization",
    "DepthToSpace",
    "SpaceToDepth",
    "LSTM",
    "GRU",
    "RNN",
    "NonMaxSuppression",
    "Attention",
  ]),
);

/** The domain that operators without one belong to. */
export function isMainDomain(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}

/** How a node is called in messages. */
export function nodeTitle(node: Parameters<typeof stringOf>[0]): string {
  return stringOf(node, "name") || stringOf(node, "opType");
}
