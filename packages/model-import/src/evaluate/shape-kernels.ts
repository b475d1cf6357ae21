/** Kernels that reshape, cut and join. */
import { denseStrides, elementCount } from "../graph/weight.ts";
import {
  atNode,
  axisOf,
  commonDtype,
  flagOf,
  type KernelCall,
  type Kernels,
  numberOf,
  numbersOf,
  operand,
} from "./kernel.ts";
import { type ModelTensor, zeros } from "./model-tensor.ts";
import { around, broadcastShape, broadcastTo, permuted, stridedCopy } from "./strided.ts";

/** A list of numbers from an attribute, or from an operand where the model computes it. */
export function listOf(call: KernelCall, name: string, input: number): number[] {
  const given = call.inputs[input];
  if (given !== undefined && given !== null) return [...given.values];
  return numbersOf(call, name);
}

function reshaped(call: KernelCall, x: ModelTensor, wanted: readonly number[]): ModelTensor {
  const copied = wanted.map((extent, axis) =>
    extent === 0 && flagOf(call, "zeroCopies") ? (x.shape[axis] ?? 0) : extent,
  );
  const known = copied.filter((extent) => extent >= 0).reduce((a, b) => a * b, 1);
  const shape = copied.map((extent) => (extent === -1 ? x.values.length / known : extent));
  if (elementCount(shape) === x.values.length && shape.every(Number.isInteger)) return { ...x, shape };
  throw atNode(call, "shape-mismatch", `${x.shape.join(" x ")} cannot become ${wanted.join(" x ")}`);
}

function flatten(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const rank = x.shape.length;
  if (rank === 0) return { ...x, shape: [1] };
  const [start, end] = [axisOf(call, numberOf(call, "start"), rank), axisOf(call, numberOf(call, "end"), rank)];
  const middle = elementCount(x.shape.slice(start, end + 1));
  return { ...x, shape: [...x.shape.slice(0, start), middle, ...x.shape.slice(end + 1)] };
}

function expand(call: KernelCall, wanted: readonly number[]): ModelTensor {
  const x = operand(call, 0);
  const lead = wanted.length - x.shape.length;
  const own = wanted.map((extent, axis) => (extent === -1 ? (x.shape[axis - lead] ?? 1) : extent));
  const shape = broadcastShape([x.shape, own]);
  if (shape === undefined)
    throw atNode(call, "shape-mismatch", `${x.shape.join(" x ")} cannot expand to ${own.join(" x ")}`);
  return broadcastTo(x, shape);
}

function permute(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const rank = x.shape.length;
  const given = listOf(call, "axes", 1).map((axis) => axisOf(call, axis, rank));
  const axes = given.length === 0 ? x.shape.map((_, axis) => rank - 1 - axis) : given;
  if (new Set(axes).size !== rank)
    throw atNode(call, "shape-mismatch", `axes ${axes.join(", ")} do not order ${rank} axes`);
  return permuted(x, axes);
}

function swapAxes(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const axes = x.shape.map((_, axis) => axis);
  if (axes.length < 2) return x;
  const [a = 0, b = 0] = numbersOf(call, "axes").map((axis) => axisOf(call, axis, axes.length));
  [axes[a], axes[b]] = [b, a];
  return permuted(x, axes);
}

function squeeze(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const rank = x.shape.length;
  const given =
    call.inputs[1] === undefined && !Array.isArray(call.attributes.axes) ? undefined : listOf(call, "axes", 1);
  const axes =
    given === undefined || given.length === 0
      ? x.shape.map((_, axis) => axis)
      : given.map((axis) => axisOf(call, axis, rank));
  return { ...x, shape: x.shape.filter((extent, axis) => !(extent === 1 && axes.includes(axis))) };
}

function unsqueeze(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const given = listOf(call, "axes", 1);
  const rank = x.shape.length + given.length;
  const added = new Set(given.map((axis) => (axis < 0 ? axis + rank : axis)));
  const rest = [...x.shape];
  return { ...x, shape: Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? 1))) };
}

/** Tensors joined along an axis. */
export function concat(call: KernelCall): ModelTensor {
  const all = call.inputs.map((_, index) => operand(call, index));
  // An empty vector joins anything, as in PyTorch.
  const tensors = all.filter(({ shape }) => shape.length !== 1 || shape[0] !== 0 || all[0]?.shape.length === 1);
  const first = tensors[0] ?? operand(call, 0);
  const axis = axisOf(call, numberOf(call, "axis"), first.shape.length);
  const extent = tensors.reduce((total, { shape }) => total + (shape[axis] as number), 0);
  for (const { shape } of tensors) {
    if (shape.length === first.shape.length && shape.every((size, at) => at === axis || size === first.shape[at]))
      continue;
    throw atNode(
      call,
      "shape-mismatch",
      `${first.shape.join(" x ")} and ${shape.join(" x ")} do not join along axis ${axis}`,
    );
  }
  const result = zeros(
    commonDtype(tensors),
    first.shape.map((size, at) => (at === axis ? extent : size)),
  );
  const { outer, inner } = around(result.shape, axis);
  let start = 0;
  for (const { values, shape } of tensors) {
    const block = (shape[axis] as number) * inner;
    for (let o = 0; o < outer; o++) {
      result.values.set(values.subarray(o * block, (o + 1) * block), o * extent * inner + start);
    }
    start += block;
  }
  return result;
}

function stack(call: KernelCall): ModelTensor {
  const first = operand(call, 0);
  const axis = axisOf(call, numberOf(call, "axis"), first.shape.length + 1);
  const inputs = call.inputs.map((_, index) => {
    const x = operand(call, index);
    return { ...x, shape: [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)] };
  });
  return concat({ ...call, inputs, attributes: { axis } });
}

/** A range of an axis, with Python's rules for ends that are negative or too large. */
export function sliced(x: ModelTensor, axis: number, range: { start: number; end: number; step: number }): ModelTensor {
  const extent = x.shape[axis] as number;
  const { step } = range;
  const clip = (value: number, low: number, high: number) =>
    Math.min(high, Math.max(low, value < 0 ? value + extent : value));
  const [start, end] =
    step > 0
      ? [clip(range.start, 0, extent), clip(range.end, 0, extent)]
      : [clip(range.start, -1, extent - 1), range.end < -extent ? -1 : clip(range.end, -1, extent - 1)];
  const count = Math.max(0, Math.ceil((end - start) / step));
  const strides = denseStrides(x.shape);
  const offset = count === 0 ? 0 : start * (strides[axis] as number);
  const shape = x.shape.map((size, at) => (at === axis ? count : size));
  return stridedCopy(x, {
    shape,
    strides: strides.map((stride, at) => (at === axis ? stride * step : stride)),
    offset,
  });
}

function slice(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const end = call.attributes.end;
  const range = {
    start: numberOf(call, "start", 0),
    end: typeof end === "number" ? end : Number.MAX_SAFE_INTEGER,
    step: numberOf(call, "step", 1),
  };
  return sliced(x, axisOf(call, numberOf(call, "axis"), x.shape.length), range);
}

function select(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const axis = axisOf(call, numberOf(call, "axis"), x.shape.length);
  const extent = x.shape[axis] as number;
  const index = numberOf(call, "index");
  const at = index < 0 ? index + extent : index;
  if (!(at >= 0 && at < extent)) throw atNode(call, "index-range", `index ${index} of an axis of extent ${extent}`);
  const one = sliced(x, axis, { start: at, end: at + 1, step: 1 });
  return { ...one, shape: one.shape.filter((_, position) => position !== axis) };
}

function split(call: KernelCall): ModelTensor[] {
  const x = operand(call, 0);
  const axis = axisOf(call, numberOf(call, "axis", 0), x.shape.length);
  const extent = x.shape[axis] as number;
  const parts = call.attributes.parts;
  const length = typeof parts === "number" ? Math.ceil(extent / parts) : call.attributes.length;
  const lengths =
    typeof length === "number" && length > 0
      ? Array.from({ length: Math.max(1, Math.ceil(extent / length)) }, (_, at) =>
          Math.min(length, extent - at * length),
        )
      : listOf(call, "lengths", 1);
  let start = 0;
  return lengths.map((size) => {
    start += size;
    return sliced(x, axis, { start: start - size, end: start, step: 1 });
  });
}

function unstack(call: KernelCall): ModelTensor[] {
  const x = operand(call, 0);
  const axis = axisOf(call, numberOf(call, "axis", 0), x.shape.length);
  return Array.from({ length: x.shape[axis] as number }, (_, index) =>
    select({ ...call, attributes: { axis, index } }),
  );
}

function sizedSlice(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const [begin, size] = [listOf(call, "begin", 1), listOf(call, "size", 2)];
  return begin.reduce((held, start, axis) => {
    const length = size[axis] ?? -1;
    const end = length < 0 ? (x.shape[axis] ?? 0) : start + length;
    return sliced(held, axisOf(call, axis, x.shape.length), { start, end, step: 1 });
  }, x);
}

// TensorFlow's slicing with masks: bit i of a mask speaks of position i of the lists.
function stridedSlice(call: KernelCall): ModelTensor {
  let x = operand(call, 0);
  const [begin, end, strides] = [listOf(call, "begin", 1), listOf(call, "end", 2), listOf(call, "strides", 3)];
  const has = (mask: string, position: number) => ((numberOf(call, mask, 0) >> position) & 1) === 1;
  const added = begin.filter((_, position) => has("newAxisMask", position) && !has("ellipsisMask", position)).length;
  const skipped = begin.some((_, position) => has("ellipsisMask", position))
    ? x.shape.length - (begin.length - 1 - added)
    : 0;
  let axis = 0;
  for (const [position, start] of begin.entries()) {
    if (has("ellipsisMask", position)) axis += skipped;
    else if (has("newAxisMask", position)) {
      x = { ...x, shape: [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)] };
      axis++;
    } else if (has("shrinkAxisMask", position))
      x = select({ ...call, inputs: [x], attributes: { axis, index: start } });
    else {
      const step = strides[position] ?? 1;
      const from = has("beginMask", position) ? (step > 0 ? 0 : -1) : start;
      const to = has("endMask", position)
        ? step > 0
          ? Number.MAX_SAFE_INTEGER
          : Number.MIN_SAFE_INTEGER
        : (end[position] ?? 0);
      x = sliced(x, axisOf(call, axis, x.shape.length), { start: from, end: to, step });
      axis++;
    }
  }
  return x;
}

/** Kernels by operator. */
export const shapeKernels: Kernels = {
  reshape: (call) => reshaped(call, operand(call, 0), listOf(call, "shape", 1)),
  flatten,
  unflatten: (call) => {
    const x = operand(call, 0);
    const axis = axisOf(call, numberOf(call, "axis"), x.shape.length);
    return reshaped(call, x, [...x.shape.slice(0, axis), ...numbersOf(call, "sizes"), ...x.shape.slice(axis + 1)]);
  },
  expand: (call) => expand(call, listOf(call, "shape", 1)),
  "expand-like": (call) => expand(call, operand(call, 1).shape),
  // A matrix of the axes before `axis` and those from it on.
  "matrix-at": (call) => {
    const x = operand(call, 0);
    const rank = x.shape.length;
    const given = numberOf(call, "axis");
    const axis = given === rank ? rank : axisOf(call, given, rank);
    return reshaped(call, x, [elementCount(x.shape.slice(0, axis)), elementCount(x.shape.slice(axis))]);
  },
  "reshape-like": (call) => reshaped(call, operand(call, 0), operand(call, 1).shape),
  permute,
  "swap-axes": swapAxes,
  squeeze,
  unsqueeze,
  concat,
  stack,
  slice,
  "sized-slice": sizedSlice,
  "strided-slice": stridedSlice,
  select,
  split,
  unstack,
};
