/** Kernels of embedding bags, segments and sparse matrices. */

import { gather } from "./index-kernels.ts";
import { atNode, flagOf, type KernelCall, type Kernels, maybe, operand } from "./kernel.ts";
import { type ModelTensor, zeros } from "./model-tensor.ts";

/** What a group of rows becomes. */
type Pooling = "sum" | "mean" | "max" | "min" | "prod" | "sqrtn";

/** Pools rows into groups: row r of `rows` goes to group `groups[r]`; a group of -1 takes none. Empty groups give 0. */
function pool(rows: ModelTensor, groups: ArrayLike<number>, count: number, mode: Pooling): ModelTensor {
  const [, ...tail] = rows.shape;
  const width = rows.values.length / Math.max(1, rows.shape[0] ?? 1);
  const result = zeros(rows.dtype, [count, ...tail]);
  const members = new Float64Array(count);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] as number;
    if (group < 0 || group >= count) continue;
    const first = members[group] === 0;
    members[group]! += 1;
    for (let k = 0; k < width; k++) {
      const [at, value] = [group * width + k, rows.values[row * width + k] as number];
      const held = result.values[at] as number;
      if (first) result.values[at] = value;
      else if (mode === "max") result.values[at] = Math.max(held, value);
      else if (mode === "min") result.values[at] = Math.min(held, value);
      else result.values[at] = mode === "prod" ? held * value : held + value;
    }
  }
  if (mode !== "mean" && mode !== "sqrtn") return result;
  return {
    ...result,
    values: result.values.map((value, at) => {
      const size = members[Math.floor(at / width)] as number;
      return size === 0 ? 0 : value / (mode === "mean" ? size : Math.sqrt(size));
    }),
  };
}

function embeddingBag(call: KernelCall): ModelTensor[] {
  const [table, indices, weights] = [operand(call, 0), operand(call, 1), maybe(call, 3)];
  const mode = String(call.attributes.mode) as Pooling;
  const padding = call.attributes.paddingIndex;
  const { groups, count } = bagsOf(call, indices);
  // Rows of the padding index count for nothing, not even for the size of their bag.
  for (const [at, index] of indices.values.entries()) if (index === padding) groups[at] = -1;
  const flat = { ...indices, shape: [indices.values.length] };
  const rows = gather(call, table, flat, 0);
  const width = table.shape[1] ?? 1;
  const scaled =
    weights === undefined
      ? rows
      : { ...rows, values: rows.values.map((value, at) => value * (weights.values[Math.floor(at / width)] as number)) };
  return [pool(scaled, groups, count, mode)];
}

function bagsOf(call: KernelCall, indices: ModelTensor): { groups: Int32Array; count: number } {
  const total = indices.values.length;
  const given = maybe(call, 2);
  if (given === undefined || indices.shape.length === 2) {
    const [count = 0, length = 0] = indices.shape;
    return { groups: Int32Array.from({ length: total }, (_, at) => Math.floor(at / Math.max(1, length))), count };
  }
  const last = flagOf(call, "includeLastOffset") ? given.values.length - 1 : given.values.length;
  const groups = new Int32Array(total).fill(-1);
  for (let bag = 0; bag < last; bag++) {
    const start = given.values[bag] as number;
    const end = given.values[bag + 1] ?? total;
    if (!(start >= 0 && start <= end && end <= total)) {
      const what = `offset ${bag} is ${start}, the next ${end}, of ${total} indices`;
      throw atNode(call, "index-range", what, "offsets start at 0, never fall, and end at the number of indices");
    }
    groups.fill(bag, start, end);
  }
  return { groups, count: last };
}

function segments(call: KernelCall, rows: ModelTensor, ids: ModelTensor, given: number | undefined): ModelTensor {
  const count = given ?? (ids.values.length === 0 ? 0 : ids.values.reduce((top, id) => Math.max(top, id + 1), 0));
  for (const [at, id] of ids.values.entries()) {
    const before = ids.values[at - 1] ?? 0;
    if (call.node.op === "unsorted-segment" || (id >= before && id < count)) continue;
    throw atNode(call, "index-range", `segment ${id} after ${before}, of ${count} segments`, "segment ids rise from 0");
  }
  return pool(rows, ids.values, count, String(call.attributes.mode) as Pooling);
}

function unique(call: KernelCall): ModelTensor[] {
  const x = operand(call, 0);
  const places = new Map<number, number>();
  const positions = x.values.map((value) => {
    const known = places.get(value) ?? places.size;
    places.set(value, known);
    return known;
  });
  return [
    { dtype: x.dtype, shape: [places.size], values: Float64Array.from(places.keys()) },
    { dtype: "i32", shape: x.shape, values: positions },
  ];
}

// Indices, values and the shape of a sparse tensor; every row without an entry gets one with the default value.
function fillEmptyRows(call: KernelCall): ModelTensor[] {
  const [indices, values, shape, fallback] = [operand(call, 0), operand(call, 1), operand(call, 2), operand(call, 3)];
  const rows = shape.values[0] ?? 0;
  const rank = shape.values.length;
  const entries = indices.values.length / Math.max(1, rank);
  const byRow = Array.from({ length: rows }, (): number[] => []);
  for (let entry = 0; entry < entries; entry++) {
    const row = indices.values[entry * rank] as number;
    if (byRow[row] === undefined) throw atNode(call, "index-range", `entry ${entry} lies in row ${row} of ${rows}`);
    byRow[row]?.push(entry);
  }
  const newIndices: number[] = [];
  const newValues: number[] = [];
  const reverse = new Float64Array(entries);
  for (const [row, list] of byRow.entries()) {
    if (list.length === 0) {
      newIndices.push(row, ...new Array<number>(rank - 1).fill(0));
      newValues.push(fallback.values[0] ?? 0);
    }
    for (const entry of list) {
      reverse[entry] = newValues.length;
      for (let axis = 0; axis < rank; axis++) newIndices.push(indices.values[entry * rank + axis] as number);
      newValues.push(values.values[entry] as number);
    }
  }
  return [
    { dtype: indices.dtype, shape: [newValues.length, rank], values: Float64Array.from(newIndices) },
    { dtype: values.dtype, shape: [newValues.length], values: Float64Array.from(newValues) },
    { dtype: "bool", shape: [rows], values: Float64Array.from(byRow, (list) => Number(list.length === 0)) },
    { dtype: "i64", shape: [entries], values: reverse },
  ];
}

function sparseReshape(call: KernelCall): ModelTensor[] {
  const [indices, shape, wanted] = [operand(call, 0), operand(call, 1), operand(call, 2)];
  const total = shape.values.reduce((a, b) => a * b, 1);
  const known = wanted.values.filter((extent) => extent >= 0).reduce((a, b) => a * b, 1);
  const target = wanted.values.map((extent) => (extent < 0 ? total / known : extent));
  const [from, to] = [shape.values.length, target.length];
  const entries = indices.values.length / Math.max(1, from);
  const result = zeros(indices.dtype, [entries, to]);
  for (let entry = 0; entry < entries; entry++) {
    let linear = 0;
    for (let axis = 0; axis < from; axis++) {
      linear = linear * (shape.values[axis] as number) + (indices.values[entry * from + axis] as number);
    }
    for (let axis = to - 1; axis >= 0; axis--) {
      const extent = target[axis] as number;
      result.values[entry * to + axis] = linear % extent;
      linear = Math.floor(linear / extent);
    }
  }
  return [result, { dtype: shape.dtype, shape: [to], values: target }];
}

function sparseDenseMatmul(call: KernelCall): ModelTensor {
  const [indices, values, shape, dense] = [operand(call, 0), operand(call, 1), operand(call, 2), operand(call, 3)];
  const [adjointA, adjointB] = [flagOf(call, "transposeA"), flagOf(call, "transposeB")];
  const rows = shape.values[adjointA ? 1 : 0] ?? 0;
  const [denseRows = 0, denseColumns = 0] = dense.shape;
  const columns = adjointB ? denseRows : denseColumns;
  const depth = adjointB ? denseColumns : denseRows;
  const result = zeros(dense.dtype, [rows, columns]);
  for (let entry = 0; entry < values.values.length; entry++) {
    const row = indices.values[entry * 2 + (adjointA ? 1 : 0)] as number;
    const k = indices.values[entry * 2 + (adjointA ? 0 : 1)] as number;
    if (!(row >= 0 && row < rows && k >= 0 && k < depth))
      throw atNode(call, "index-range", `entry ${entry} is (${row}, ${k})`);
    const value = values.values[entry] as number;
    for (let j = 0; j < columns; j++) {
      result.values[row * columns + j]! +=
        value * (dense.values[adjointB ? j * denseColumns + k : k * denseColumns + j] as number);
    }
  }
  return result;
}

function sparseToDense(call: KernelCall): ModelTensor {
  const [indices, shape, values, fallback] = [operand(call, 0), operand(call, 1), operand(call, 2), maybe(call, 3)];
  const result = zeros(values.dtype, [...shape.values]);
  result.values.fill(fallback?.values[0] ?? 0);
  const rank = result.shape.length;
  const entries = rank === 0 ? 1 : Math.floor(indices.values.length / rank);
  for (let entry = 0; entry < entries; entry++) {
    const place = result.shape.reduce(
      (at, extent, axis) => at * extent + (indices.values[entry * rank + axis] as number),
      0,
    );
    if (!(place >= 0 && place < result.values.length)) throw atNode(call, "index-range", `entry ${entry} lies outside`);
    result.values[place] = values.values[values.values.length === 1 ? 0 : entry] as number;
  }
  return result;
}

/** Kernels by operator. */
export const sparseKernels: Kernels = {
  "embedding-bag": embeddingBag,
  segment: (call) => segments(call, operand(call, 0), operand(call, 1), undefined),
  "unsorted-segment": (call) => segments(call, operand(call, 0), operand(call, 1), operand(call, 2).values[0]),
  "sparse-segment": (call) => {
    const rows = gather(call, operand(call, 0), operand(call, 1), 0);
    return segments(call, rows, operand(call, 2), maybe(call, 3)?.values[0]);
  },
  unique,
  "sparse-fill-empty-rows": fillEmptyRows,
  "sparse-reshape": sparseReshape,
  "sparse-dense-matmul": sparseDenseMatmul,
  "sparse-to-dense": sparseToDense,
};
