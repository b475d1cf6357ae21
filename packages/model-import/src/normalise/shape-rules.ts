/** How the shapes of results follow from those of operands, operator by operator. */

import { ModelError } from "../errors.ts";
import { parseEinsumEquation } from "../evaluate/einsum-equation.ts";
import { windowsOf } from "../evaluate/window.ts";
import type { Attribute, Node, Value } from "../graph/model-graph.ts";
import { combineSizes, type Size, sameSize } from "../graph/size.ts";

/** A shape, as far as it is known. */
export type Shape = readonly Size[] | undefined;

/** What a rule is given. */
export interface ShapeQuestion {
  readonly node: Node;
  readonly inputs: readonly (Value | undefined)[];
  readonly shapes: readonly Shape[];
}

/** Shapes of the results, or `undefined` where they do not follow. */
export type ShapeRule = (question: ShapeQuestion) => readonly Shape[] | undefined;

/** The shape that two shapes broadcast to; where two symbols meet, the first. */
function broadcastSizes(a: Shape, b: Shape): Shape {
  if (a === undefined || b === undefined) return undefined;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    return left === 1 ? right : left;
  });
}

const broadcast: ShapeRule = ({ shapes }) => [shapes.slice(1).reduce(broadcastSizes, shapes[0])];
const same: ShapeRule = ({ shapes }) => [shapes[0]];

/** Operators whose results broadcast their operands. */
const pairwise =
  "add sub mul div integer-div floor-div div-no-nan mod truncated-mod pow maximum minimum atan2 squared-difference";
const comparisons = "equal not-equal less less-equal greater greater-equal and or xor";
const bitwise = "bitwise-and bitwise-or bitwise-xor";
const unaryFloat =
  "exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal sin cos tan tanh erf sigmoid silu mish softplus hard-swish gelu elu hard-sigmoid";
const unarySame = "identity abs neg square floor ceil round trunc sign relu leaky-relu clamp p-relu bitwise-not";
const rowwise = "softmax log-softmax layer-norm rms-norm batch-norm group-norm cumulative-sum triangle flip full-like";
const words = (text: string) => text.split(" ");

/** Results that are true or false. */
export const logicalResults: ReadonlySet<string> = new Set([
  ...words(comparisons),
  "not",
  "is-nan",
  "is-infinite",
  "any",
  "all",
]);
/** Results that are floats whatever comes in. */
export const floatResults: ReadonlySet<string> = new Set([
  ...words(unaryFloat),
  "div",
  "div-no-nan",
  "mean",
  "variance",
  "norm",
  "log-sum-exp",
]);
/** Results of the type of the first operand. */
export const keptDtypes: ReadonlySet<string> = new Set([
  ...words(pairwise),
  ...words(bitwise),
  ...words(unarySame),
  ...words(rowwise),
  ...words(
    "matmul linear einsum sum max min prod reshape flatten matrix-at permute swap-axes expand squeeze unsqueeze concat stack slice",
  ),
  ...words(
    "conv max-pool mean-pool select split unstack tile pad gather embedding embedding-bag gather-elements scatter-elements index-add index index-put",
  ),
  ...words("gather-nd scatter-nd attention diagonal segment sparse-segment unsorted-segment expand-like reshape-like"),
]);

const axisOf = (axis: Attribute | undefined, rank: number): number | undefined =>
  typeof axis === "number" ? (axis < 0 ? axis + rank : axis) : undefined;

function listOf(attribute: Attribute | undefined): Size[] | undefined {
  if (!Array.isArray(attribute)) return undefined;
  const plain = attribute.every(
    (item) => typeof item === "number" || (typeof item === "object" && item !== null && !("value" in item)),
  );
  return plain ? ([...attribute] as Size[]) : undefined;
}

const reduction: ShapeRule = ({ node, shapes: [shape], inputs }) => {
  const axes = listOf(node.attributes.axes);
  if (shape === undefined || axes === undefined || inputs[1] !== undefined) return undefined;
  const counted =
    axes.length === 0 ? shape.map((_, axis) => axis) : axes.map((axis) => axisOf(axis as number, shape.length));
  if (node.attributes.keepDims === true) return [shape.map((size, axis) => (counted.includes(axis) ? 1 : size))];
  return [shape.filter((_, axis) => !counted.includes(axis))];
};

const position: ShapeRule = ({ node, shapes: [shape] }) => {
  if (shape === undefined) return undefined;
  if (node.attributes.axis === null) return [[]];
  const axis = axisOf(node.attributes.axis, shape.length);
  if (axis === undefined) return undefined;
  return [
    node.attributes.keepDims === true
      ? shape.map((size, at) => (at === axis ? 1 : size))
      : shape.filter((_, at) => at !== axis),
  ];
};

const matmul: ShapeRule = ({ node, shapes: [left, right] }) => {
  if (left === undefined || right === undefined || left.length === 0 || right.length === 0) return undefined;
  const turned = (shape: readonly Size[], flag: Attribute | undefined) =>
    flag === true ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : shape;
  const [a, b] = [turned(left, node.attributes.transposeA), turned(right, node.attributes.transposeB)];
  const batch = broadcastSizes(a.slice(0, -2), b.slice(0, -2)) ?? [];
  return [
    [...batch, ...(a.length > 1 ? [a[a.length - 2] as Size] : []), ...(b.length > 1 ? [b[b.length - 1] as Size] : [])],
  ];
};

const einsum: ShapeRule = ({ node, shapes }) => {
  if (shapes.includes(undefined)) return undefined;
  const known = shapes as readonly (readonly Size[])[];
  try {
    const { operands, output } = parseEinsumEquation(
      String(node.attributes.equation),
      known.map((shape) => shape.length),
    );
    const sizes = new Map<string, Size>();
    for (const [index, labels] of operands.entries()) {
      for (const [axis, label] of labels.entries()) sizes.set(label, known[index]?.[axis] ?? 1);
    }
    return [output.map((label) => sizes.get(label) ?? 1)];
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
};

/** The number of elements. */
function product(sizes: readonly Size[]): Size {
  return combineSizes("multiply", [1, ...sizes]);
}

const reshape: ShapeRule = ({ node, shapes: [shape] }) => {
  const wanted = listOf(node.attributes.shape);
  if (wanted === undefined || node.inputs.length > 1) return undefined;
  const copied = wanted.map((size, axis) =>
    size === 0 && node.attributes.zeroCopies === true ? (shape?.[axis] ?? 0) : size,
  );
  if (!copied.includes(-1)) return [copied];
  if (shape === undefined) return undefined;
  const rest = copied.filter((size) => size !== -1);
  // Equal factors cancel, so that symbols need no division.
  const factors = [...shape];
  const divisors = rest.filter((size) => {
    const at = factors.findIndex((factor) => sameSize(factor, size));
    if (at >= 0) factors.splice(at, 1);
    return at < 0;
  });
  const left =
    divisors.length === 0 ? product(factors) : combineSizes("floor-divide", [product(factors), product(divisors)]);
  return [copied.map((size) => (size === -1 ? left : size))];
};

const expand: ShapeRule = ({ node, shapes: [shape] }) => {
  const wanted = listOf(node.attributes.shape);
  if (wanted === undefined || shape === undefined || node.inputs.length > 1) return undefined;
  const lead = wanted.length - shape.length;
  const own = wanted.map((size, axis) => (size === -1 ? (shape[axis - lead] ?? 1) : size));
  return [broadcastSizes(shape, own)];
};

const permute: ShapeRule = ({ node, shapes: [shape] }) => {
  const axes = listOf(node.attributes.axes) as number[] | undefined;
  if (shape === undefined || axes === undefined || node.inputs.length > 1) return undefined;
  const order =
    axes.length === 0
      ? shape.map((_, axis) => shape.length - 1 - axis)
      : axes.map((axis) => axisOf(axis, shape.length) ?? 0);
  return [order.map((axis) => shape[axis] ?? 1)];
};

const swapAxes: ShapeRule = ({ node, shapes: [shape] }) => {
  if (shape === undefined || shape.length < 2) return [shape];
  const [a = 0, b = 0] = (node.attributes.axes as readonly number[]).map((axis) => axisOf(axis, shape.length) ?? 0);
  return [shape.map((size, axis) => (axis === a ? (shape[b] ?? size) : axis === b ? (shape[a] ?? size) : size))];
};

const squeeze: ShapeRule = ({ node, shapes: [shape] }) => {
  if (shape === undefined || node.inputs.length > 1) return undefined;
  const axes = (listOf(node.attributes.axes) as number[] | undefined)?.map((axis) => axisOf(axis, shape.length));
  if (axes === undefined && !shape.every((size) => typeof size === "number")) return undefined;
  return [shape.filter((size, axis) => !((axes === undefined || axes.includes(axis)) && size === 1))];
};

const unsqueeze: ShapeRule = ({ node, shapes: [shape] }) => {
  const axes = listOf(node.attributes.axes) as number[] | undefined;
  if (shape === undefined || axes === undefined) return undefined;
  const rank = shape.length + axes.length;
  const added = new Set(axes.map((axis) => axisOf(axis, rank)));
  const rest = [...shape];
  return [Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? 1)))];
};

const concat: ShapeRule = ({ node, shapes }) => {
  const [first] = shapes;
  const axis = first === undefined ? undefined : axisOf(node.attributes.axis, first.length);
  if (first === undefined || axis === undefined || shapes.some((shape) => shape?.length !== first.length))
    return undefined;
  const total = combineSizes("add", [0, ...shapes.map((shape) => shape?.[axis] ?? 0)]);
  return [first.map((size, at) => (at === axis ? total : size))];
};

const slice: ShapeRule = ({ node, shapes: [shape] }) => {
  const axis = shape === undefined ? undefined : axisOf(node.attributes.axis, shape.length);
  const { start, end, step } = node.attributes;
  const extent = axis === undefined ? undefined : shape?.[axis];
  if (
    shape === undefined ||
    typeof extent !== "number" ||
    typeof start !== "number" ||
    typeof step !== "number" ||
    step < 1
  )
    return undefined;
  if (end !== null && typeof end !== "number") return undefined;
  const clip = (value: number) => Math.min(extent, Math.max(0, value < 0 ? value + extent : value));
  const length = Math.max(0, Math.ceil((clip(end ?? extent) - clip(start)) / step));
  return [shape.map((size, at) => (at === axis ? length : size))];
};

const select: ShapeRule = ({ node, shapes: [shape] }) => {
  const axis = shape === undefined ? undefined : axisOf(node.attributes.axis, shape.length);
  return axis === undefined ? undefined : [shape?.filter((_, at) => at !== axis)];
};

const gather: ShapeRule = ({ node, shapes: [data, indices] }) => {
  const axis = node.op === "embedding" ? 0 : data === undefined ? undefined : axisOf(node.attributes.axis, data.length);
  if (data === undefined || indices === undefined || axis === undefined) return undefined;
  return [[...data.slice(0, axis), ...indices, ...data.slice(axis + 1)]];
};

const bag: ShapeRule = ({ node, shapes: [table, indices, offsets] }) => {
  const width = table?.[1];
  const count = offsets?.[0] ?? indices?.[0];
  if (width === undefined || count === undefined) return undefined;
  return [[node.attributes.includeLastOffset === true ? combineSizes("add", [count, -1]) : count, width]];
};

const split: ShapeRule = ({ node, shapes: [shape] }) => {
  const axis = shape === undefined ? undefined : axisOf(node.attributes.axis, shape.length);
  const lengths = listOf(node.attributes.lengths);
  const extent = axis === undefined ? undefined : shape?.[axis];
  if (shape === undefined || axis === undefined) return undefined;
  const parts = node.attributes.parts;
  const even = typeof parts === "number" ? parts : undefined;
  const length = typeof node.attributes.length === "number" ? node.attributes.length : undefined;
  const step = length ?? (even !== undefined && typeof extent === "number" ? Math.ceil(extent / even) : undefined);
  if (lengths === undefined && (step === undefined || typeof extent !== "number")) return undefined;
  return node.outputs.map((_, index) => {
    const own = lengths?.[index] ?? Math.min(step ?? 0, Number(extent) - index * (step ?? 0));
    return shape.map((size, at) => (at === axis ? own : size));
  });
};

/** Shapes of convolutions and pools, where the extents that windows slide over are numbers. */
const windowed: ShapeRule = ({ node, shapes: [x, weight] }) => {
  const { attributes, op } = node;
  const whole = attributes.global === true;
  const kernel = op === "conv" ? weight?.slice(2) : whole ? x?.slice(2) : listOf(attributes.kernel);
  if (x === undefined || kernel === undefined) return undefined;
  const extents = x.slice(x.length - kernel.length);
  const known = [...extents, ...kernel].every((size) => typeof size === "number");
  const [results, ofEach = 1] = weight ?? [];
  const depthwise = attributes.depthwise === true && results !== undefined;
  const made = depthwise ? combineSizes("multiply", [results, ofEach]) : results;
  const channels = op === "conv" ? made : x[x.length - kernel.length - 1];
  if (!known || channels === undefined || x.length <= kernel.length) return undefined;
  const windows = windowsOf(whole ? {} : attributes, extents as number[], kernel as number[]);
  const lead = x.slice(0, x.length - kernel.length - 1);
  return [[...lead, channels, ...windows.map(({ count }) => count)]];
};

const each = (names: string, rule: ShapeRule) =>
  Object.fromEntries(words(names).map((name): [string, ShapeRule] => [name, rule]));

/** Rules by operator. */
export const shapeRules: Readonly<Record<string, ShapeRule>> = {
  ...each(`${pairwise} ${comparisons} ${bitwise} where`, broadcast),
  ...each(`${unaryFloat} ${unarySame} ${rowwise} cast not is-nan is-infinite`, same),
  ...each("scatter-elements index-add index-put scatter-nd", same),
  ...each("sum mean max min prod any all log-sum-exp variance norm", reduction),
  ...each("argmax argmin", position),
  ...each("gather embedding", gather),
  "gather-elements": ({ shapes }) => [shapes[1]],
  "expand-like": ({ shapes }) => [shapes[1]],
  "reshape-like": ({ shapes }) => [shapes[1]],
  "embedding-bag": bag,
  matmul,
  linear: ({ shapes: [x, weight] }) =>
    x === undefined || weight?.[0] === undefined ? undefined : [[...x.slice(0, -1), weight[0]]],
  einsum,
  ...each("conv max-pool mean-pool", windowed),
  attention: ({ shapes: [query, , value] }) => {
    const depth = value?.[value.length - 1];
    return query === undefined || depth === undefined ? undefined : [[...query.slice(0, -1), depth]];
  },
  reshape,
  "matrix-at": ({ node, shapes: [shape] }) => {
    const axis = shape === undefined ? undefined : axisOf(node.attributes.axis, shape.length);
    return shape === undefined || axis === undefined
      ? undefined
      : [[product(shape.slice(0, axis)), product(shape.slice(axis))]];
  },
  flatten: ({ node, shapes: [shape] }) => {
    if (shape === undefined || shape.length === 0) return undefined;
    const [start = 0, end = 0] = [
      axisOf(node.attributes.start, shape.length),
      axisOf(node.attributes.end, shape.length),
    ];
    return [[...shape.slice(0, start), product(shape.slice(start, end + 1)), ...shape.slice(end + 1)]];
  },
  expand,
  permute,
  "swap-axes": swapAxes,
  squeeze,
  unsqueeze,
  concat,
  stack: ({ node, shapes: [shape] }) => {
    const axis = shape === undefined ? undefined : axisOf(node.attributes.axis, shape.length + 1);
    return shape === undefined || axis === undefined
      ? undefined
      : [[...shape.slice(0, axis), node.inputs.length, ...shape.slice(axis)]];
  },
  slice,
  select,
  split,
  full: ({ node }) => {
    const shape = node.inputs.length > 0 ? undefined : listOf(node.attributes.shape);
    return shape === undefined ? undefined : [shape];
  },
  "size-value": () => [[]],
  "size-of": () => [[]],
  "shape-of": ({ shapes: [shape] }) => (shape === undefined ? undefined : [[shape.length]]),
};
