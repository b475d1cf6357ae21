/** Kernels that repeat, pad and reorder elements. */
import { denseStrides } from "../graph/weight.ts";
import { axisOf, flagOf, type KernelCall, type Kernels, numberOf, numbersOf, operand } from "./kernel.ts";
import { type ModelTensor, zeros } from "./model-tensor.ts";
import { concat, listOf, sliced } from "./shape-kernels.ts";
import { stridedCopy } from "./strided.ts";

function tile(call: KernelCall): ModelTensor {
  let x = operand(call, 0);
  const repeats = listOf(call, "repeats", 1);
  while (x.shape.length < repeats.length) x = { ...x, shape: [1, ...x.shape] };
  const lead = x.shape.length - repeats.length;
  return repeats.reduce(
    (result, count, at) => concat({ ...call, inputs: new Array(count).fill(result), attributes: { axis: lead + at } }),
    x,
  );
}

function pad(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const rank = x.shape.length;
  const pairs = padding(call, rank);
  const result = zeros(
    x.dtype,
    x.shape.map((extent, axis) => extent + (pairs[axis]?.[0] ?? 0) + (pairs[axis]?.[1] ?? 0)),
  );
  result.values.fill(call.inputs[2]?.values[0] ?? numberOf(call, "value", 0));
  const target = denseStrides(result.shape);
  const source = denseStrides(x.shape);
  for (let at = 0; at < x.values.length; at++) {
    let place = 0;
    let inside = true;
    for (let axis = 0; axis < rank; axis++) {
      const index = (Math.floor(at / (source[axis] as number)) % (x.shape[axis] as number)) + (pairs[axis]?.[0] ?? 0);
      inside &&= index >= 0 && index < (result.shape[axis] as number);
      place += index * (target[axis] as number);
    }
    if (inside) result.values[place] = x.values[at] as number;
  }
  return result;
}

// [before, after] for each axis; PyTorch lists the innermost axis first, ONNX all befores, then all afters, TensorFlow pairs.
function padding(call: KernelCall, rank: number): (readonly [number, number])[] {
  const inner = call.attributes.innermostFirst;
  if (Array.isArray(inner)) {
    const list = numbersOf(call, "innermostFirst");
    return Array.from({ length: rank }, (_, axis) => [
      list[2 * (rank - 1 - axis)] ?? 0,
      list[2 * (rank - 1 - axis) + 1] ?? 0,
    ]);
  }
  const list = listOf(call, "padding", 1);
  const pairs = flagOf(call, "pairs");
  return Array.from({ length: rank }, (_, axis) =>
    pairs ? [list[2 * axis] ?? 0, list[2 * axis + 1] ?? 0] : [list[axis] ?? 0, list[axis + rank] ?? 0],
  );
}

function flip(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  return numbersOf(call, "axes").reduce(
    (result, axis) =>
      sliced(result, axisOf(call, axis, x.shape.length), { start: -1, end: Number.MIN_SAFE_INTEGER, step: -1 }),
    x,
  );
}

function triangle(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const [columns, rows] = [x.shape[x.shape.length - 1] ?? 1, x.shape[x.shape.length - 2] ?? 1];
  const diagonal = call.inputs[1]?.values[0] ?? numberOf(call, "diagonal", 0);
  const upper = flagOf(call, "upper");
  return {
    ...x,
    values: x.values.map((value, at) => {
      const distance = (at % columns) - (Math.floor(at / columns) % rows) - diagonal;
      return (upper ? distance >= 0 : distance <= 0) ? value : 0;
    }),
  };
}

function diagonal(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const [first = 0, second = 1] = numbersOf(call, "axes", [0, 1]).map((axis) => axisOf(call, axis, x.shape.length));
  const offset = numberOf(call, "offset", 0);
  const strides = denseStrides(x.shape);
  const [row, column] = [Math.max(0, -offset), Math.max(0, offset)];
  const length = Math.max(0, Math.min((x.shape[first] as number) - row, (x.shape[second] as number) - column));
  const rest = x.shape.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
  const stride = (axis: number) => strides[axis] as number;
  return stridedCopy(x, {
    shape: [...rest.map((axis) => x.shape[axis] as number), length],
    strides: [...rest.map(stride), stride(first) + stride(second)],
    offset: row * stride(first) + column * stride(second),
  });
}

/** Kernels by operator. */
export const rearrangeKernels: Kernels = { tile, pad, flip, triangle, diagonal };
