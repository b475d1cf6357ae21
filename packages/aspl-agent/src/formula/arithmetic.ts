/** Steps that work number by number. */
import { arrayOf, type FormulaArray } from "./array.ts";
import type { BinaryOperator } from "./parse.ts";
import { type Make, refuse, type Step } from "./step.ts";

const comparisons: Readonly<Record<string, (left: number, right: number) => number>> = {
  ">": (left, right) => (left > right ? 1 : 0),
  "<": (left, right) => (left < right ? 1 : 0),
  ">=": (left, right) => (left >= right ? 1 : 0),
  "<=": (left, right) => (left <= right ? 1 : 0),
};

/** A step of an operator between two arrays, or a number and an array. @throws {AsplError} `formula` if they do not fit. */
export function arithmetic(operator: BinaryOperator, arrays: readonly FormulaArray[]): Step {
  const compared = comparisons[operator];
  if (compared !== undefined) return combine(arrays, operator, compared);
  const pair = pairOf(arrays, operator);
  return { result: pair.result, run: loops[operator as keyof typeof loops](pair) };
}

// One loop for each: a loop that is told its operator by a function would call it for every number.
const loops = {
  "+":
    ({ result, left, right, strideOfLeft, strideOfRight }: Pair) =>
    (): void => {
      const [out, a, b] = [result.values, left.values, right.values];
      let [i, j] = [left.start, right.start];
      const end = result.start + result.size;
      for (let at = result.start; at < end; at++, i += strideOfLeft, j += strideOfRight) out[at] = a[i]! + b[j]!;
    },
  "-":
    ({ result, left, right, strideOfLeft, strideOfRight }: Pair) =>
    (): void => {
      const [out, a, b] = [result.values, left.values, right.values];
      let [i, j] = [left.start, right.start];
      const end = result.start + result.size;
      for (let at = result.start; at < end; at++, i += strideOfLeft, j += strideOfRight) out[at] = a[i]! - b[j]!;
    },
  "*":
    ({ result, left, right, strideOfLeft, strideOfRight }: Pair) =>
    (): void => {
      const [out, a, b] = [result.values, left.values, right.values];
      let [i, j] = [left.start, right.start];
      const end = result.start + result.size;
      for (let at = result.start; at < end; at++, i += strideOfLeft, j += strideOfRight) out[at] = a[i]! * b[j]!;
    },
  "/":
    ({ result, left, right, strideOfLeft, strideOfRight }: Pair) =>
    (): void => {
      const [out, a, b] = [result.values, left.values, right.values];
      let [i, j] = [left.start, right.start];
      const end = result.start + result.size;
      for (let at = result.start; at < end; at++, i += strideOfLeft, j += strideOfRight) out[at] = a[i]! / b[j]!;
    },
};

/** Two arrays of one shape, or a number that goes with every place of an array. */
interface Pair {
  readonly result: FormulaArray;
  readonly left: FormulaArray;
  readonly right: FormulaArray;
  readonly strideOfLeft: 0 | 1;
  readonly strideOfRight: 0 | 1;
}

function pairOf([a, b]: readonly FormulaArray[], name: string): Pair {
  const [left, right] = [a!, b!];
  const same = left.shape.length === right.shape.length && left.shape.every((size, axis) => size === right.shape[axis]);
  if (!same && left.shape.length > 0 && right.shape.length > 0) {
    refuse(name, "two arrays of one shape, or a number and an array", [left, right]);
  }
  const result = arrayOf(left.shape.length > 0 ? left.shape : right.shape);
  return {
    result,
    left,
    right,
    strideOfLeft: left.shape.length > 0 ? 1 : 0,
    strideOfRight: right.shape.length > 0 ? 1 : 0,
  };
}

function combine(arrays: readonly FormulaArray[], name: string, of: (left: number, right: number) => number): Step {
  const { result, left, right, strideOfLeft, strideOfRight } = pairOf(arrays, name);
  const run = (): void => {
    let [i, j] = [left.start, right.start];
    for (let at = 0; at < result.size; at++, i += strideOfLeft, j += strideOfRight) {
      result.values[result.start + at] = of(left.values[i]!, right.values[j]!);
    }
  };
  return { result, run };
}

/** A function of one number, at every place. */
export function each(of: (z: number) => number): { readonly arity: number; readonly make: Make } {
  const make: Make = ([a]) => {
    const result = arrayOf(a!.shape);
    const run = (): void => {
      for (let i = 0; i < result.size; i++) result.values[result.start + i] = of(a!.values[a!.start + i]!);
    };
    return { result, run };
  };
  return { arity: 1, make };
}

/** A function of two numbers, at every place. */
export function pairwise(of: (left: number, right: number) => number): { readonly arity: number; readonly make: Make } {
  return { arity: 2, make: (args, name) => combine(args, name, of) };
}
