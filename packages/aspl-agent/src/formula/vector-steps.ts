/** Steps that need all numbers of an array: sums, products, choices, rotations. */
import { arrayOf, type FormulaArray } from "./array.ts";
import { refuse, type Step } from "./step.ts";

function total({ values, start, size }: FormulaArray): number {
  let sum = 0;
  for (let i = start; i < start + size; i++) sum += values[i]!;
  return sum;
}

/** The sum of all numbers. */
export function sumAll([a]: readonly FormulaArray[]): Step {
  const result = arrayOf([]);
  const run = (): void => {
    result.values[result.start] = total(a!);
  };
  return { result, run };
}

/** The mean at every place. */
export function meanFill([a]: readonly FormulaArray[]): Step {
  const result = arrayOf(a!.shape);
  const run = (): void => {
    result.values.fill(total(a!) / a!.size, result.start, result.start + result.size);
  };
  return { result, run };
}

/** The sum of the products of two vectors. */
export function dot(args: readonly FormulaArray[], name: string): Step {
  const [a, b] = args as readonly [FormulaArray, FormulaArray];
  if (a.shape.length !== 1 || b.shape.length !== 1 || a.shape[0] !== b.shape[0]) {
    refuse(name, "two vectors of one length", args);
  }
  const result = arrayOf([]);
  const run = (): void => {
    let sum = 0;
    for (let i = 0; i < a.size; i++) sum += a.values[a.start + i]! * b.values[b.start + i]!;
    result.values[result.start] = sum;
  };
  return { result, run };
}

/** All products of two vectors; the second runs along the innermost axis. */
export function outer(args: readonly FormulaArray[], name: string): Step {
  const [a, b] = args as readonly [FormulaArray, FormulaArray];
  if (a.shape.length !== 1 || b.shape.length !== 1) refuse(name, "two vectors", args);
  const columns = b.shape[0]!;
  const result = arrayOf([columns, a.shape[0]!]);
  const run = (): void => {
    const [out, right] = [result.values, b.values];
    for (let i = 0; i < a.size; i++) {
      const scale = a.values[a.start + i]!;
      const row = result.start + i * columns;
      for (let j = 0; j < columns; j++) out[row + j] = scale * right[b.start + j]!;
    }
  };
  return { result, run };
}

/** A row vector times a matrix. */
export function vecmat(args: readonly FormulaArray[], name: string): Step {
  const [vector, matrix] = args as readonly [FormulaArray, FormulaArray];
  if (vector.shape.length !== 1 || matrix.shape.length !== 2 || matrix.shape[1] !== vector.shape[0]) {
    refuse(name, "a vector and a matrix with as many rows", args);
  }
  const columns = matrix.shape[0]!;
  const result = arrayOf([columns]);
  const run = (): void => {
    const [out, weights] = [result.values, matrix.values];
    out.fill(0, result.start, result.start + columns);
    for (let row = 0; row < vector.size; row++) {
      const scale = vector.values[vector.start + row]!;
      const first = matrix.start + row * columns;
      for (let column = 0; column < columns; column++) out[result.start + column]! += scale * weights[first + column]!;
    }
  };
  return { result, run };
}

/** A matrix with its axes swapped. */
export function transpose(args: readonly FormulaArray[], name: string): Step {
  const [a] = args as readonly [FormulaArray];
  if (a.shape.length !== 2) refuse(name, "a matrix", args);
  const [columns, rows] = a.shape as readonly [number, number];
  const result = arrayOf([rows, columns]);
  const run = (): void => {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        result.values[result.start + column * rows + row] = a.values[a.start + row * columns + column]!;
      }
    }
  };
  return { result, run };
}

/** The softmax of a vector, less its maximum first. */
export function softmax(args: readonly FormulaArray[], name: string): Step {
  const [a] = args as readonly [FormulaArray];
  if (a.shape.length !== 1) refuse(name, "a vector", args);
  const result = arrayOf(a.shape);
  const run = (): void => {
    const [out, first] = [result.values, result.start];
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < a.size; i++) most = Math.max(most, a.values[a.start + i]!);
    for (let i = 0; i < a.size; i++) out[first + i] = Math.exp(a.values[a.start + i]! - most);
    const sum = total(result);
    for (let i = 0; i < a.size; i++) out[first + i]! /= sum;
  };
  return { result, run };
}

/** Ones at the `k` largest places; of equal numbers the first counts as larger. */
export function topkMask(args: readonly FormulaArray[], name: string): Step {
  const [a, k] = args as readonly [FormulaArray, FormulaArray];
  if (a.shape.length !== 1 || k.shape.length !== 0) refuse(name, "a vector and a number", args);
  const result = arrayOf(a.shape);
  const run = (): void => {
    const [out, first] = [result.values, result.start];
    out.fill(0, first, first + a.size);
    for (let chosen = Math.min(k.values[k.start]!, a.size); chosen >= 1; chosen--) {
      let best = -1;
      for (let i = 0; i < a.size; i++) {
        const larger = best < 0 || a.values[a.start + i]! > a.values[a.start + best]!;
        if (out[first + i] === 0 && larger) best = i;
      }
      if (best >= 0) out[first + best] = 1;
    }
  };
  return { result, run };
}

/** [1, 0] if a condition holds, otherwise [0, 1]. */
export function oneHot2(args: readonly FormulaArray[], name: string): Step {
  const [condition] = args as readonly [FormulaArray];
  if (condition.shape.length !== 0) refuse(name, "a condition", args);
  const result = arrayOf([2]);
  const run = (): void => {
    const holds = condition.values[condition.start] !== 0;
    result.values[result.start] = holds ? 1 : 0;
    result.values[result.start + 1] = holds ? 0 : 1;
  };
  return { result, run };
}

/** Rotates pairs of places by angles that fall with the place: halves against halves (NeoX), or neighbours. */
export function rope(args: readonly FormulaArray[], name: string, halves: boolean): Step {
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
      const angle = position.values[position.start]! * frequencies[pair]!;
      const [x, y] = [a.values[a.start + first]!, a.values[a.start + second]!];
      result.values[result.start + first] = x * Math.cos(angle) - y * Math.sin(angle);
      result.values[result.start + second] = y * Math.cos(angle) + x * Math.sin(angle);
    }
  };
  return { result, run };
}
