/** Walks tensors by strides: broadcasting, permuting, slicing are all the same walk. */
import { denseStrides, elementCount } from "../graph/weight.ts";
import { type ModelTensor, zeros } from "./model-tensor.ts";

/** The shape that shapes broadcast to, or `undefined` if they do not fit. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const lead = rank - shape.length;
    for (const [axis, extent] of shape.entries()) {
      const at = lead + axis;
      if (extent === 1 || extent === result[at]) continue;
      if (result[at] !== 1) return undefined;
      result[at] = extent;
    }
  }
  return result;
}

/** The strides with which a tensor of `shape` is read as one of `target`: 0 along repeated axes. */
function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const own = denseStrides(shape);
  const lead = target.length - shape.length;
  return target.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : (own[axis - lead] as number)));
}

/** The positions that strides reach, in row-major order of `shape`. */
function stridedPositions(shape: readonly number[], strides: readonly number[], offset = 0): Int32Array {
  const count = elementCount(shape);
  const positions = new Int32Array(count);
  const rank = shape.length;
  const index = new Int32Array(rank);
  let at = offset;
  for (let position = 0; position < count; position++) {
    positions[position] = at;
    for (let axis = rank - 1; axis >= 0; axis--) {
      at += strides[axis] as number;
      const next = (index[axis] as number) + 1;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      at -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return positions;
}

/** The elements of a tensor that strides reach, as a tensor of its own. */
export function stridedCopy(
  tensor: ModelTensor,
  view: { readonly shape: readonly number[]; readonly strides: readonly number[]; readonly offset?: number },
): ModelTensor {
  const result = zeros(tensor.dtype, view.shape);
  const positions = stridedPositions(view.shape, view.strides, view.offset);
  for (let at = 0; at < positions.length; at++) result.values[at] = tensor.values[positions[at] as number] as number;
  return result;
}

/** A tensor repeated to a larger shape. */
export function broadcastTo(tensor: ModelTensor, shape: readonly number[]): ModelTensor {
  if (tensor.shape.length === shape.length && tensor.shape.every((extent, axis) => extent === shape[axis]))
    return tensor;
  return stridedCopy(tensor, { shape, strides: broadcastStrides(tensor.shape, shape) });
}

/** A tensor with its axes in another order: axis i of the result is axis `axes[i]` of the operand. */
export function permuted(tensor: ModelTensor, axes: readonly number[]): ModelTensor {
  const strides = denseStrides(tensor.shape);
  return stridedCopy(tensor, {
    shape: axes.map((axis) => tensor.shape[axis] as number),
    strides: axes.map((axis) => strides[axis] as number),
  });
}

/** Extents before, at and behind an axis: a tensor is `outer` blocks of `extent` rows of `inner` elements. */
export function around(shape: readonly number[], axis: number): { outer: number; extent: number; inner: number } {
  return {
    outer: elementCount(shape.slice(0, axis)),
    extent: shape[axis] ?? 1,
    inner: elementCount(shape.slice(axis + 1)),
  };
}
