/** Kernels that reduce along axes. */
import type { Dtype } from "../graph/dtype.ts";
import { isFloat } from "../graph/dtype.ts";
import { axisOf, flagOf, type Kernel, type KernelCall, type Kernels, numberOf, numbersOf, operand } from "./kernel.ts";
import { type ModelTensor, zeros } from "./model-tensor.ts";
import { around, permuted } from "./strided.ts";

/** Axes to reduce, counted from the front; none given means all. A second operand may give them. */
function reducedAxes(call: KernelCall, rank: number): number[] {
  const given = call.inputs[1];
  const axes = given === undefined || given === null ? numbersOf(call, "axes", []) : [...given.values];
  if (axes.length === 0) return flagOf(call, "noAxesMeansNone") ? [] : Array.from({ length: rank }, (_, axis) => axis);
  return [...new Set(axes.map((axis) => axisOf(call, axis, rank)))].sort((a, b) => a - b);
}

/** Applies `fold` to every group of elements along the axes. */
function reduce(call: KernelCall, dtype: Dtype, fold: (group: Float64Array) => number): ModelTensor {
  const x = operand(call, 0);
  const axes = reducedAxes(call, x.shape.length);
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const moved = axes.length === 0 ? x : permuted(x, [...kept, ...axes]);
  const shape = flagOf(call, "keepDims")
    ? x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
    : kept.map((axis) => x.shape[axis] as number);
  const result = zeros(dtype, shape);
  const group = axes.reduce((product, axis) => product * (x.shape[axis] as number), 1);
  for (let at = 0; at < result.values.length; at++) {
    result.values[at] = fold(moved.values.subarray(at * group, (at + 1) * group));
  }
  return result;
}

const sum = (group: Float64Array) => {
  let total = 0;
  for (const value of group) total += value;
  return total;
};
const largest = (group: Float64Array) => group.reduce((a, b) => (Number.isNaN(a) || a > b ? a : b), -Infinity);
const smallest = (group: Float64Array) => group.reduce((a, b) => (Number.isNaN(a) || a < b ? a : b), Infinity);

const same =
  (fold: (group: Float64Array) => number): Kernel =>
  (call) =>
    reduce(call, operand(call, 0).dtype, fold);
const summing =
  (fold: (group: Float64Array) => number): Kernel =>
  (call) => {
    const { dtype } = operand(call, 0);
    return reduce(call, dtype === "bool" ? "i64" : dtype, fold);
  };
const floating =
  (fold: (group: Float64Array, call: KernelCall) => number): Kernel =>
  (call) => {
    const { dtype } = operand(call, 0);
    return reduce(call, isFloat(dtype) ? dtype : "f32", (group) => fold(group, call));
  };

function logSumExp(group: Float64Array): number {
  const top = largest(group);
  if (!Number.isFinite(top)) return top;
  return top + Math.log(group.reduce((total, value) => total + Math.exp(value - top), 0));
}

function variance(group: Float64Array, call: KernelCall): number {
  const mean = sum(group) / group.length;
  const squares = group.reduce((total, value) => total + (value - mean) ** 2, 0);
  return squares / Math.max(0, group.length - numberOf(call, "correction", 0));
}

function norm(group: Float64Array, call: KernelCall): number {
  const order = numberOf(call, "order", 2);
  if (order === Infinity) return group.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  if (order === 0) return group.filter((value) => value !== 0).length;
  return group.reduce((total, value) => total + Math.abs(value) ** order, 0) ** (1 / order);
}

function position(better: (a: number, b: number) => boolean): Kernel {
  return (call) => {
    const whole = typeof call.attributes.axis !== "number";
    const x = operand(call, 0);
    const flat = whole ? { ...x, shape: [x.values.length] } : x;
    const axis = whole ? 0 : axisOf(call, numberOf(call, "axis"), flat.shape.length);
    const { outer, extent, inner } = around(flat.shape, axis);
    const kept = flat.shape.map((size, at) => (at === axis ? 1 : size));
    const shape = flagOf(call, "keepDims") ? kept : kept.filter((_, at) => at !== axis);
    const result = zeros("i64", whole && !flagOf(call, "keepDims") ? [] : shape);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let best = 0;
        for (let k = 1; k < extent; k++) {
          const [candidate, held] = [
            flat.values[(o * extent + k) * inner + i],
            flat.values[(o * extent + best) * inner + i],
          ];
          if (better(candidate as number, held as number)) best = k;
        }
        result.values[o * inner + i] = best;
      }
    }
    return result;
  };
}

function cumulative(call: KernelCall): ModelTensor {
  const x = operand(call, 0);
  const axis = axisOf(call, call.inputs[1]?.values[0] ?? numberOf(call, "axis"), x.shape.length);
  const { outer, extent, inner } = around(x.shape, axis);
  const result = zeros(x.dtype === "bool" ? "i64" : x.dtype, x.shape);
  const [exclusive, reverse] = [flagOf(call, "exclusive"), flagOf(call, "reverse")];
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let total = 0;
      for (let step = 0; step < extent; step++) {
        const at = (o * extent + (reverse ? extent - 1 - step : step)) * inner + i;
        if (exclusive) result.values[at] = total;
        total += x.values[at] as number;
        if (!exclusive) result.values[at] = total;
      }
    }
  }
  return result;
}

/** Kernels by operator. */
export const reduceKernels: Kernels = {
  sum: summing(sum),
  prod: summing((group) => group.reduce((product, value) => product * value, 1)),
  mean: floating((group) => sum(group) / group.length),
  max: same(largest),
  min: same(smallest),
  any: (call) => reduce(call, "bool", (group) => Number(group.some((value) => value !== 0))),
  all: (call) => reduce(call, "bool", (group) => Number(group.every((value) => value !== 0))),
  "log-sum-exp": floating(logSumExp),
  variance: floating(variance),
  norm: floating(norm),
  argmax: position((a, b) => a > b),
  argmin: position((a, b) => a < b),
  "cumulative-sum": cumulative,
};
