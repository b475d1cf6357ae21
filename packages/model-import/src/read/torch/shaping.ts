/** PyTorch operators that make tensors or move their elements about. */
import type { Attribute } from "../../graph/model-graph.ts";
import { filled, type Lowerings, row, shapeOf, unary } from "./lowering.ts";
import { isValue, type TorchCall } from "./torch-call.ts";

const reshape = row("self, size", (call) =>
  call.result("reshape", [call.tensor("self")], { shape: call.sizes("size") }),
);

const constantFill = (value: number) => row("size, dtype", (call) => filled(call, value, call.sizes("size"), null));

const newFill = (value: number) =>
  row("self, size, dtype", (call) => filled(call, value, call.sizes("size"), call.tensor("self")));

const likeFill = (value: number) =>
  row("self, dtype", (call) => filled(call, value, shapeOf(call, call.tensor("self")), call.tensor("self")));

const triangle = (upper: boolean) =>
  row("self, diagonal", (call) =>
    call.result("triangle", [call.tensor("self")], { upper, diagonal: call.integer("diagonal", 0) }),
  );

function swapAxes(call: TorchCall, first: number, second: number): void {
  const rank = call.rank(call.tensor("self"));
  if (rank === undefined) {
    call.result("swap-axes", [call.tensor("self")], { axes: [first, second] });
    return;
  }
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const [a, b] = [first < 0 ? first + rank : first, second < 0 ? second + rank : second];
  if (rank > 0 && axes[a] !== undefined && axes[b] !== undefined) [axes[a], axes[b]] = [b, a];
  call.result("permute", [call.tensor("self")], { axes });
}

/** An argument that is an integer or a size that the model knows; `undefined` where it is left out. */
function bound(call: TorchCall, name: string): Attribute | undefined {
  const argument = call.argument(name);
  if (argument === undefined || typeof argument === "number") return argument;
  if (typeof argument === "object" && argument !== null) return call.sizeOf(argument);
  throw call.wrong(name, "an integer or a size");
}

const untilEnd = Number.MAX_SAFE_INTEGER;

function slice(call: TorchCall): void {
  const end = bound(call, "end");
  call.result("slice", [call.tensor("self")], {
    axis: call.integer("dim", 0),
    start: bound(call, "start") ?? 0,
    // 2^63 - 1, which a JSON reader rounds up, stands for the end.
    end: end === undefined || (typeof end === "number" && end >= untilEnd) ? null : end,
    step: call.integer("step", 1),
  });
}

function range(call: TorchCall, start: Attribute, end: Attribute, step: Attribute): void {
  const whole = [start, end, step].every((item) => typeof item !== "number" || Number.isInteger(item));
  call.result("range", [], { start, end, step, dtype: call.dtype("dtype") ?? (whole ? "i64" : "f32") });
}

const edge = (call: TorchCall, name: string): Attribute => {
  const argument = call.argument(name);
  return isValue(argument) ? call.sizeOf(argument) : (argument ?? 0);
};

/** Rows for creation, reshaping and joining. */
export const shaping: Lowerings = {
  view: reshape,
  reshape: row("self, shape", (call) => call.result("reshape", [call.tensor("self")], { shape: call.sizes("shape") })),
  _unsafe_view: reshape,
  "reshape_as.default": row("self, other", (call) =>
    call.result("reshape", [call.tensor("self")], { shape: shapeOf(call, call.tensor("other")) }),
  ),
  flatten: row("self, start_dim, end_dim", (call) =>
    call.result("flatten", [call.tensor("self")], {
      start: call.integer("start_dim", 0),
      end: call.integer("end_dim", -1),
    }),
  ),
  unflatten: row("self, dim, sizes", (call) =>
    call.result("unflatten", [call.tensor("self")], { axis: call.integer("dim"), sizes: call.sizes("sizes") }),
  ),
  t: row("self", (call) => swapAxes(call, 0, 1)),
  transpose: row("self, dim0, dim1", (call) => swapAxes(call, call.integer("dim0"), call.integer("dim1"))),
  numpy_T: row("self", (call) => call.result("permute", [call.tensor("self")], { axes: [] })),
  mT: row("self", (call) => swapAxes(call, -2, -1)),
  permute: row("self, dims", (call) => call.result("permute", [call.tensor("self")], { axes: call.integers("dims") })),
  expand: row("self, size", (call) => call.result("expand", [call.tensor("self")], { shape: call.sizes("size") })),
  expand_as: row("self, other", (call) => {
    const known = call.builder.valueOf(call.tensor("other")).shape;
    if (known !== undefined) call.result("expand", [call.tensor("self")], { shape: known });
    else call.result("expand-like", [call.tensor("self"), call.tensor("other")]);
  }),
  squeeze: row("self, dim", (call) =>
    call.result("squeeze", [call.tensor("self")], {
      axes: call.argument("dim") === undefined ? null : call.integers("dim"),
    }),
  ),
  unsqueeze: row("self, dim", (call) =>
    call.result("unsqueeze", [call.tensor("self")], { axes: [call.integer("dim")] }),
  ),
  cat: row("tensors, dim", (call) => call.result("concat", call.tensors("tensors"), { axis: call.integer("dim", 0) })),
  concat: row("tensors, dim", (call) =>
    call.result("concat", call.tensors("tensors"), { axis: call.integer("dim", 0) }),
  ),
  stack: row("tensors, dim", (call) => call.result("stack", call.tensors("tensors"), { axis: call.integer("dim", 0) })),
  slice: row("self, dim, start, end, step", slice),
  select: row("self, dim, index", (call) =>
    call.result("select", [call.tensor("self")], { axis: call.integer("dim"), index: bound(call, "index") ?? 0 }),
  ),
  narrow: row("self, dim, start, length", (call) => {
    const start = call.integer("start");
    const attributes = { axis: call.integer("dim"), start, end: start + call.integer("length"), step: 1 };
    call.result("slice", [call.tensor("self")], attributes);
  }),
  split: row("self, split_size, dim", (call) =>
    call.result("split", [call.tensor("self")], { axis: call.integer("dim", 0), length: call.integer("split_size") }),
  ),
  split_with_sizes: row("self, split_sizes, dim", (call) =>
    call.result("split", [call.tensor("self")], {
      axis: call.integer("dim", 0),
      lengths: call.integers("split_sizes"),
    }),
  ),
  chunk: row("self, chunks, dim", (call) =>
    call.result("split", [call.tensor("self")], { axis: call.integer("dim", 0), parts: call.integer("chunks") }),
  ),
  unbind: row("self, dim", (call) => call.result("unstack", [call.tensor("self")], { axis: call.integer("dim", 0) })),
  repeat: row("self, repeats", (call) =>
    call.result("tile", [call.tensor("self")], { repeats: call.sizes("repeats") }),
  ),
  flip: row("self, dims", (call) => call.result("flip", [call.tensor("self")], { axes: call.integers("dims") })),
  tril: triangle(false),
  triu: triangle(true),
  diagonal: row("self, offset, dim1, dim2", (call) =>
    call.result("diagonal", [call.tensor("self")], {
      offset: call.integer("offset", 0),
      axes: [call.integer("dim1", 0), call.integer("dim2", 1)],
    }),
  ),
  constant_pad_nd: row("self, pad, value", (call) =>
    call.result("pad", [call.tensor("self")], { innermostFirst: call.integers("pad"), value: call.number("value", 0) }),
  ),
  pad: row("self, pad, mode, value", (call) => {
    if (call.text("mode", "constant") !== "constant")
      throw call.unserved("does not pad with a constant", "pad before the model");
    call.result("pad", [call.tensor("self")], { innermostFirst: call.integers("pad"), value: call.number("value", 0) });
  }),
  zeros: constantFill(0),
  ones: constantFill(1),
  full: row("size, fill_value, dtype", (call) => {
    const value = call.number("fill_value");
    if (call.dtype("dtype") !== undefined) return filled(call, value, call.sizes("size"), null);
    call.result("full", [], { shape: call.sizes("size"), value, dtype: Number.isInteger(value) ? "i64" : "f32" });
  }),
  new_zeros: newFill(0),
  new_ones: newFill(1),
  new_full: row("self, size, fill_value, dtype", (call) =>
    filled(call, call.number("fill_value"), call.sizes("size"), call.tensor("self")),
  ),
  zeros_like: likeFill(0),
  ones_like: likeFill(1),
  full_like: row("self, fill_value, dtype", (call) =>
    filled(call, call.number("fill_value"), shapeOf(call, call.tensor("self")), call.tensor("self")),
  ),
  empty: constantFill(0),
  new_empty: newFill(0),
  empty_like: likeFill(0),
  zero: likeFill(0),
  fill: row("self, value", (call) => call.result("expand-like", [call.tensor("value"), call.tensor("self")])),
  copy: row("self, src", (call) => call.result("expand-like", [call.tensor("src"), call.tensor("self")])),
  scalar_tensor: row("s, dtype", (call) => filled(call, call.number("s"), [], null)),
  arange: row("end, dtype", (call) => range(call, 0, edge(call, "end"), 1)),
  "arange.start": row("start, end, dtype", (call) => range(call, edge(call, "start"), edge(call, "end"), 1)),
  "arange.start_step": row("start, end, step, dtype", (call) =>
    range(call, edge(call, "start"), edge(call, "end"), call.number("step", 1)),
  ),
  eye: row("n, dtype", (call) =>
    call.result("eye", [], { size: call.integer("n"), dtype: call.dtype("dtype") ?? "f32" }),
  ),
  sym_size: row("self, dim", (call) => call.result("size-of", [call.tensor("self")], { axis: call.integer("dim") })),
  size: row("self, dim", (call) => call.result("size-of", [call.tensor("self")], { axis: call.integer("dim") })),
  sym_numel: unary("count"),
  item: unary("identity"),
  _local_scalar_dense: unary("identity"),
};
