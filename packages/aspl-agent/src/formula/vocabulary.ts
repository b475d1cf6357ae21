/** The functions that formulas may call: what shapes they take, and how they compute. */
import { AsplError } from "../errors.ts";
import { arrayOf, describeShape, type FormulaArray } from "./array.ts";
import { erf } from "./erf.ts";

/** A step of a formula: `run` fills `result` from the arrays that it was made with. */
export interface Step {
  readonly result: FormulaArray;
  readonly run: () => void;
}

type Make = (args: readonly FormulaArray[], name: string) => Step;

/** Functions by name, with the number of arguments. */
export const vocabulary: ReadonlyMap<string, { readonly arity: number; readonly make: Make }> = new Map([
  ["exp", each(Math.exp)],
  ["log", each(Math.log)],
  ["sqrt", each(Math.sqrt)],
  ["abs", each(Math.abs)],
  ["tanh", each(Math.tanh)],
  ["relu", each((z) => Math.max(z, 0))],
  ["sigmoid", each((z) => 1 / (1 + Math.exp(-z)))],
  ["silu", each((z) => z / (1 + Math.exp(-z)))],
  ["gelu", each((z) => 0.5 * z * (1 + erf(z * Math.SQRT1_2)))],
  ["max2", pairwise(Math.max)],
  ["min2", pairwise(Math.min)],
  ["sum", { arity: 1, make: sumAll }],
  ["meanFill", { arity: 1, make: meanFill }],
  ["dot", { arity: 2, make: dot }],
  ["outer", { arity: 2, make: outer }],
  ["vecmat", { arity: 2, make: vecmat }],
  ["transpose", { arity: 1, make: transpose }],
  ["softmax", { arity: 1, make: softmax }],
  ["topkMask", { arity: 2, make: topkMask }],
  ["oneHot2", { arity: 1, make: oneHot2 }],
  ["ropeHalf", { arity: 2, make: (args, name) => rope(args, name, true) }],
  ["ropeInterleaved", { arity: 2, make: (args, name) => rope(args, name, false) }],
]);

/** A step for two arrays place by place; a number goes with every place of an array. */
export function combine(
  [a, b]: readonly FormulaArray[],
  name: string,
  of: (left: number, right: number) => number,
): Step {
  const left = a!;
  const right = b!;
  const same = left.shape.length === right.shape.length && left.shape.every((size, axis) => size === right.shape[axis]);
  if (!same && left.shape.length > 0 && right.shape.length > 0) {
    refuse(name, "two arrays of one shape, or a number and an array", [left, right]);
  }
  const result = arrayOf(left.shape.length > 0 ? left.shape : right.shape);
  const strideOfLeft = left.shape.length > 0 ? 1 : 0;
  const strideOfRight = right.shape.length > 0 ? 1 : 0;
  const out = result.values;
  const run = (): void => {
    for (let i = 0; i < out.length; i++) {
      out[i] = of(left.values[i * strideOfLeft]!, right.values[i * strideOfRight]!);
    }
  };
  return { result, run };
}

function each(of: (z: number) => number): { readonly arity: number; readonly make: Make } {
  const make: Make = ([a]) => {
    const result = arrayOf(a!.shape);
    const out = result.values;
    const run = (): void => {
      for (let i = 0; i < out.length; i++) out[i] = of(a!.values[i]!);
    };
    return { result, run };
  };
  return { arity: 1, make };
}

function pairwise(of: (left: number, right: number) => number): { readonly arity: number; readonly make: Make } {
  return { arity: 2, make: (args, name) => combine(args, name, of) };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

function sumAll([a]: readonly FormulaArray[]): Step {
  const result = arrayOf([]);
  const run = (): void => {
    result.values[0] = total(a!.values);
  };
  return { result, run };
}

function meanFill([a]: readonly FormulaArray[]): Step {
  const result = arrayOf(a!.shape);
  const run = (): void => {
    result.values.fill(total(a!.values) / a!.values.length);
  };
  return { result, run };
}

function dot(args: readonly FormulaArray[], name: string): Step {
  const [a, b] = args as readonly [FormulaArray, FormulaArray];
  if (a.shape.length !== 1 || b.shape.length !== 1 || a.shape[0] !== b.shape[0]) {
    refuse(name, "two vectors of one length", args);
  }
  const result = arrayOf([]);
  const run = (): void => {
    let sum = 0;
    for (let i = 0; i < a.values.length; i++) sum += a.values[i]! * b.values[i]!;
    result.values[0] = sum;
  };
  return { result, run };
}

function outer(args: readonly FormulaArray[], name: string): Step {
  const [a, b] = args as readonly [FormulaArray, FormulaArray];
  if (a.shape.length !== 1 || b.shape.length !== 1) refuse(name, "two vectors", args);
  const columns = b.shape[0]!;
  const result = arrayOf([columns, a.shape[0]!]);
  const run = (): void => {
    for (let i = 0; i < a.values.length; i++) {
      for (let j = 0; j < columns; j++) result.values[i * columns + j] = a.values[i]! * b.values[j]!;
    }
  };
  return { result, run };
}

function vecmat(args: readonly FormulaArray[], name: string): Step {
  const [vector, matrix] = args as readonly [FormulaArray, FormulaArray];
  if (vector.shape.length !== 1 || matrix.shape.length !== 2 || matrix.shape[1] !== vector.shape[0]) {
    refuse(name, "a vector and a matrix with as many rows", args);
  }
  const columns = matrix.shape[0]!;
  const result = arrayOf([columns]);
  const out = result.values;
  const run = (): void => {
    out.fill(0);
    for (let row = 0; row < vector.values.length; row++) {
      const scale = vector.values[row]!;
      for (let column = 0; column < columns; column++) {
        out[column]! += scale * matrix.values[row * columns + column]!;
      }
    }
  };
  return { result, run };
}

function transpose(args: readonly FormulaArray[], name: string): Step {
  const [a] = args as readonly [FormulaArray];
  if (a.shape.length !== 2) refuse(name, "a matrix", args);
  const [columns, rows] = a.shape as readonly [number, number];
  const result = arrayOf([rows, columns]);
  const run = (): void => {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        result.values[column * rows + row] = a.values[row * columns + column]!;
      }
    }
  };
  return { result, run };
}

function softmax(args: readonly FormulaArray[], name: string): Step {
  const [a] = args as readonly [FormulaArray];
  if (a.shape.length !== 1) refuse(name, "a vector", args);
  const result = arrayOf(a.shape);
  const out = result.values;
  const run = (): void => {
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < out.length; i++) most = Math.max(most, a.values[i]!);
    for (let i = 0; i < out.length; i++) out[i] = Math.exp(a.values[i]! - most);
    const sum = total(out);
    for (let i = 0; i < out.length; i++) out[i]! /= sum;
  };
  return { result, run };
}

/** Ones at the `k` largest places; of equal numbers the first counts as larger. */
function topkMask(args: readonly FormulaArray[], name: string): Step {
  const [a, k] = args as readonly [FormulaArray, FormulaArray];
  if (a.shape.length !== 1 || k.shape.length !== 0) refuse(name, "a vector and a number", args);
  const result = arrayOf(a.shape);
  const out = result.values;
  const run = (): void => {
    out.fill(0);
    for (let chosen = Math.min(k.values[0]!, out.length); chosen >= 1; chosen--) {
      let best = -1;
      for (let i = 0; i < out.length; i++) {
        if (out[i] === 0 && (best < 0 || a.values[i]! > a.values[best]!)) best = i;
      }
      if (best >= 0) out[best] = 1;
    }
  };
  return { result, run };
}

function oneHot2(args: readonly FormulaArray[], name: string): Step {
  const [condition] = args as readonly [FormulaArray];
  if (condition.shape.length !== 0) refuse(name, "a condition", args);
  const result = arrayOf([2]);
  const run = (): void => {
    const holds = condition.values[0] !== 0;
    result.values[0] = holds ? 1 : 0;
    result.values[1] = holds ? 0 : 1;
  };
  return { result, run };
}

/** Rotates pairs of places by angles that fall with the place: halves against halves (NeoX), or neighbours. */
function rope(args: readonly FormulaArray[], name: string, halves: boolean): Step {
  const [position, a] = args as readonly [FormulaArray, FormulaArray];
  const size = a.shape[0] ?? 0;
  if (position.shape.length !== 0 || a.shape.length !== 1 || size % 2 !== 0) {
    refuse(name, "a position and a vector of even length", args);
  }
  const result = arrayOf(a.shape);
  const pairs = size / 2;
  const frequencies = Float64Array.from({ length: pairs }, (_, pair) => 10000 ** ((-2 * pair) / size));
  const run = (): void => {
    for (let pair = 0; pair < pairs; pair++) {
      const first = halves ? pair : 2 * pair;
      const second = halves ? pair + pairs : first + 1;
      const cosine = Math.cos(position.values[0]! * frequencies[pair]!);
      const sine = Math.sin(position.values[0]! * frequencies[pair]!);
      result.values[first] = a.values[first]! * cosine - a.values[second]! * sine;
      result.values[second] = a.values[second]! * cosine + a.values[first]! * sine;
    }
  };
  return { result, run };
}

function refuse(name: string, wanted: string, args: readonly FormulaArray[]): never {
  const given = args.map(({ shape }) => describeShape(shape)).join(" and ");
  throw new AsplError("formula", `${name} takes ${wanted}, not ${given}`);
}
