/** Kernels that read or write at computed places. */
import { denseStrides, elementCount } from "../graph/weight.ts";
import { atNode, axisOf, flagOf, type KernelCall, type Kernels, maybe, numberOf, operand } from "./kernel.ts";
import { type ModelTensor, zeros } from "./model-tensor.ts";
import { around, broadcastShape, broadcastTo, permuted } from "./strided.ts";

/** An index counted from the front. @throws {ModelError} `index-range` */
function inside(call: KernelCall, index: number, extent: number): number {
  const at = index < 0 ? index + extent : index;
  if (at >= 0 && at < extent) return at;
  throw atNode(
    call,
    "index-range",
    `index ${index} of an axis of extent ${extent}`,
    "check the indices that are given",
  );
}

/** Rows of `data` along an axis, one for each index; the axis becomes the axes of the indices. */
export function gather(call: KernelCall, data: ModelTensor, indices: ModelTensor, axis: number): ModelTensor {
  const { outer, extent, inner } = around(data.shape, axis);
  const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
  const result = zeros(data.dtype, shape);
  const count = indices.values.length;
  for (let k = 0; k < count; k++) {
    const row = inside(call, indices.values[k] as number, extent);
    for (let o = 0; o < outer; o++) {
      const from = (o * extent + row) * inner;
      result.values.set(data.values.subarray(from, from + inner), (o * count + k) * inner);
    }
  }
  return result;
}

type Combine = (held: number, added: number) => number;
const combines: Readonly<Record<string, Combine>> = {
  none: (_, added) => added,
  add: (held, added) => held + added,
  mul: (held, added) => held * added,
  max: Math.max,
  min: Math.min,
  mean: (held, added) => held + added,
};

function combineOf(call: KernelCall): Combine {
  const name = String(call.attributes.reduction ?? "none");
  const combine = combines[name];
  if (combine !== undefined) return combine;
  throw atNode(call, "operator-arguments", `reduction ${name} is none of ${Object.keys(combines).join(", ")}`);
}

function gatherElements(call: KernelCall): ModelTensor {
  const [data, index] = [operand(call, 0), operand(call, 1)];
  const axis = axisOf(call, numberOf(call, "axis", 0), data.shape.length);
  const result = zeros(data.dtype, index.shape);
  for (const [at, place] of placesAlong(call, data, index, axis).entries())
    result.values[at] = data.values[place] as number;
  return result;
}

// For each element of `index`: the place in `data` with the same coordinates but for `axis`.
function placesAlong(call: KernelCall, data: ModelTensor, index: ModelTensor, axis: number): Int32Array {
  const strides = denseStrides(data.shape);
  const own = denseStrides(index.shape);
  const places = new Int32Array(index.values.length);
  for (let at = 0; at < places.length; at++) {
    let place = inside(call, index.values[at] as number, data.shape[axis] as number) * (strides[axis] as number);
    for (let other = 0; other < data.shape.length; other++) {
      if (other === axis) continue;
      place += (Math.floor(at / (own[other] as number)) % (index.shape[other] as number)) * (strides[other] as number);
    }
    places[at] = place;
  }
  return places;
}

function scatterElements(call: KernelCall): ModelTensor {
  const [data, index, source] = [operand(call, 0), operand(call, 1), operand(call, 2)];
  const axis = axisOf(call, numberOf(call, "axis", 0), data.shape.length);
  const combine = combineOf(call);
  const result = { ...data, values: data.values.slice() };
  const places = placesAlong(call, data, index, axis);
  const from = placesAlong(call, source, { ...index, values: rowNumbers(index, axis) }, axis);
  const counts = call.attributes.reduction === "mean" ? new Float64Array(result.values.length).fill(1) : undefined;
  for (let at = 0; at < places.length; at++) {
    const place = places[at] as number;
    result.values[place] = combine(result.values[place] as number, source.values[from[at] as number] as number);
    if (counts !== undefined) counts[place]! += 1;
  }
  if (counts !== undefined) for (let at = 0; at < counts.length; at++) result.values[at]! /= counts[at] as number;
  return result;
}

// The coordinate along an axis of every element.
function rowNumbers(tensor: ModelTensor, axis: number): Float64Array {
  const { extent, inner } = around(tensor.shape, axis);
  return tensor.values.map((_, at) => Math.floor(at / inner) % extent);
}

function indexAdd(call: KernelCall): ModelTensor {
  const [data, index, source] = [operand(call, 0), operand(call, 1), operand(call, 2)];
  const axis = axisOf(call, numberOf(call, "axis", 0), data.shape.length);
  const combine = combineOf(call);
  const { outer, extent, inner } = around(data.shape, axis);
  const result = { ...data, values: data.values.slice() };
  const rows = index.values.length;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < rows; k++) {
      const row = inside(call, index.values[k] as number, extent);
      for (let i = 0; i < inner; i++) {
        const place = (o * extent + row) * inner + i;
        result.values[place] = combine(
          result.values[place] as number,
          source.values[(o * rows + k) * inner + i] as number,
        );
      }
    }
  }
  return result;
}

/** Places that a list of index tensors (`null`: the whole axis) selects, and the shape of the selection. */
function advancedPlaces(call: KernelCall, data: ModelTensor, given: readonly (ModelTensor | null)[]) {
  const indices = given.flatMap((index) => (index?.dtype === "bool" ? nonzeroColumns(index) : [index]));
  const used = indices.flatMap((index, axis) => (index === null ? [] : [{ axis, index }]));
  const shape = broadcastShape(used.map(({ index }) => index.shape));
  if (shape === undefined) throw atNode(call, "shape-mismatch", "its index tensors do not broadcast");
  const axes = used.map(({ axis }) => axis);
  const adjacent = axes.every((axis, at) => at === 0 || axis === (axes[at - 1] as number) + 1);
  const free = data.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const lead = adjacent ? free.filter((axis) => axis < (axes[0] ?? 0)) : [];
  const rest = free.filter((axis) => !lead.includes(axis));
  const strides = denseStrides(data.shape);
  const extents = (list: readonly number[]) => list.map((axis) => data.shape[axis] as number);
  const result = [...extents(lead), ...shape, ...extents(rest)];
  const spread = used.map(({ axis, index }) => ({ axis, values: broadcastTo(index, shape).values }));
  const places = new Int32Array(elementCount(result));
  const middle = elementCount(shape);
  const [before, after] = [elementCount(extents(lead)), elementCount(extents(rest))];
  const offsets = (list: readonly number[], count: number) =>
    Array.from({ length: count }, (_, at) => {
      let left = at;
      return [...list].reverse().reduce((sum, axis) => {
        const coordinate = left % (data.shape[axis] as number);
        left = Math.floor(left / (data.shape[axis] as number));
        return sum + coordinate * (strides[axis] as number);
      }, 0);
    });
  const [leading, trailing] = [offsets(lead, before), offsets(rest, after)];
  for (let m = 0; m < middle; m++) {
    const base = spread.reduce(
      (sum, { axis, values }) =>
        sum + inside(call, values[m] as number, data.shape[axis] as number) * (strides[axis] as number),
      0,
    );
    for (let b = 0; b < before; b++) {
      for (let a = 0; a < after; a++) {
        places[(b * middle + m) * after + a] = (leading[b] as number) + base + (trailing[a] as number);
      }
    }
  }
  return { places, shape: result };
}

function nonzeroColumns(mask: ModelTensor): ModelTensor[] {
  const found = nonzero(mask);
  const [count = 0, rank = 0] = found.shape;
  return Array.from({ length: rank }, (_, axis) => ({
    dtype: "i64" as const,
    shape: [count],
    values: Float64Array.from({ length: count }, (_unused, at) => found.values[at * rank + axis] as number),
  }));
}

/** Coordinates of the elements that are not zero, `[count, rank]`, in row-major order. */
function nonzero(x: ModelTensor): ModelTensor {
  const strides = denseStrides(x.shape);
  const coordinates: number[] = [];
  for (let at = 0; at < x.values.length; at++) {
    if (x.values[at] === 0) continue;
    for (const [axis, extent] of x.shape.entries())
      coordinates.push(Math.floor(at / (strides[axis] as number)) % extent);
  }
  const rank = x.shape.length;
  const count = rank === 0 ? 0 : coordinates.length / rank;
  return { dtype: "i64", shape: [count, rank], values: Float64Array.from(coordinates) };
}

function indexed(call: KernelCall): ModelTensor {
  const data = operand(call, 0);
  const { places, shape } = advancedPlaces(call, data, call.inputs.slice(1));
  return { dtype: data.dtype, shape, values: Float64Array.from(places, (place) => data.values[place] as number) };
}

function indexPut(call: KernelCall): ModelTensor {
  const [data, values] = [operand(call, 0), operand(call, 1)];
  const { places, shape } = advancedPlaces(call, data, call.inputs.slice(2));
  const spread = broadcastTo(values, shape).values;
  const combine = combineOf(call);
  const result = { ...data, values: data.values.slice() };
  for (let at = 0; at < places.length; at++) {
    const place = places[at] as number;
    result.values[place] = combine(result.values[place] as number, spread[at] as number);
  }
  return result;
}

/** The first places of the slices that rows of `indices` name, and how many elements each slice has. */
function slicesOf(call: KernelCall, shape: readonly number[], indices: ModelTensor) {
  const depth = indices.shape[indices.shape.length - 1] ?? 0;
  const strides = denseStrides(shape);
  const count = elementCount(indices.shape.slice(0, -1));
  const starts = Int32Array.from({ length: count }, (_, row) => {
    let place = 0;
    for (let axis = 0; axis < depth; axis++) {
      const index = inside(call, indices.values[row * depth + axis] as number, shape[axis] as number);
      place += index * (strides[axis] as number);
    }
    return place;
  });
  return { starts, size: elementCount(shape.slice(depth)), tail: shape.slice(depth) };
}

function gatherNd(call: KernelCall): ModelTensor {
  const [data, indices] = [operand(call, 0), operand(call, 1)];
  const { starts, size, tail } = slicesOf(call, data.shape, indices);
  const result = zeros(data.dtype, [...indices.shape.slice(0, -1), ...tail]);
  for (const [row, start] of starts.entries()) result.values.set(data.values.subarray(start, start + size), row * size);
  return result;
}

function scatterNd(call: KernelCall): ModelTensor {
  const [data, indices, updates] = [operand(call, 0), operand(call, 1), operand(call, 2)];
  const combine = combineOf(call);
  const { starts, size } = slicesOf(call, data.shape, indices);
  const result = { ...data, values: data.values.slice() };
  for (const [row, start] of starts.entries()) {
    for (let k = 0; k < size; k++) {
      result.values[start + k] = combine(result.values[start + k] as number, updates.values[row * size + k] as number);
    }
  }
  return result;
}

function topK(call: KernelCall): ModelTensor[] {
  const x = operand(call, 0);
  const axis = axisOf(call, numberOf(call, "axis", -1), x.shape.length);
  const { outer, extent, inner } = around(x.shape, axis);
  const count =
    call.inputs[1]?.values[0] ?? (typeof call.attributes.count === "number" ? call.attributes.count : extent);
  if (!(count >= 0 && count <= extent)) throw atNode(call, "index-range", `${count} of ${extent} elements`);
  const shape = x.shape.map((size, at) => (at === axis ? count : size));
  const [values, indices] = [zeros(x.dtype, shape), zeros("i64", shape)];
  const sign = flagOf(call, "largest") ? -1 : 1;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const value = (k: number) => x.values[(o * extent + k) * inner + i] as number;
      const ranked = Array.from({ length: extent }, (_, k) => k).sort((a, b) => sign * (value(a) - value(b)) || a - b);
      for (let k = 0; k < count; k++) {
        values.values[(o * count + k) * inner + i] = value(ranked[k] as number);
        indices.values[(o * count + k) * inner + i] = ranked[k] as number;
      }
    }
  }
  return [values, indices];
}

function oneHot(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const depth = maybe(call, 1)?.values[0] ?? numberOf(call, "classes");
  const pair = maybe(call, 2)?.values;
  const [off, on] = [pair?.[0] ?? numberOf(call, "off", 0), pair?.[1] ?? numberOf(call, "on", 1)];
  const result = zeros(maybe(call, 2)?.dtype ?? "i64", [...x.shape, depth]);
  result.values.fill(off);
  for (const [at, index] of x.values.entries()) {
    const row = index < 0 ? index + depth : index;
    if (row >= 0 && row < depth) result.values[at * depth + row] = on;
  }
  const axis = axisOf(call, numberOf(call, "axis", -1), result.shape.length);
  const last = result.shape.length - 1;
  const order = result.shape.map((_, at) => (at === axis ? last : at < axis ? at : at - 1));
  return axis === last ? result : permuted(result, order);
}

/** Kernels by operator. */
export const indexKernels: Kernels = {
  gather: (call) => {
    const data = operand(call, 0);
    const axis = axisOf(call, call.inputs[2]?.values[0] ?? numberOf(call, "axis", 0), data.shape.length);
    return gather(call, data, operand(call, 1), axis);
  },
  embedding: (call) => gather(call, operand(call, 0), operand(call, 1), 0),
  "gather-elements": gatherElements,
  "scatter-elements": scatterElements,
  "index-add": indexAdd,
  index: indexed,
  "index-put": indexPut,
  "gather-nd": gatherNd,
  "scatter-nd": scatterNd,
  nonzero: (call) => nonzero(operand(call, 0)),
  "top-k": topK,
  "one-hot": oneHot,
};
