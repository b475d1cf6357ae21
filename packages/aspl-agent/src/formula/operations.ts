/**
 * Floating-point operations of the steps of formulas.
 *
 * Counted as in the published STeP simulator (arXiv 2511.07776): one for each number that arithmetic gives, 4 for exp, tanh
 * and other functions of one number, 8 for silu, 2·K·N for a vector times a matrix, nothing for moving numbers. What it
 * lacks is counted by the same parts: an error function as two functions of one number, a softmax by its four passes.
 */
import type { FormulaArray } from "./array.ts";

/** Of one number of the result, by the name of the function. */
const each: Readonly<Record<string, number>> = {
  exp: 4,
  log: 4,
  sqrt: 4,
  tanh: 4,
  abs: 1,
  relu: 1,
  max2: 1,
  min2: 1,
  sigmoid: 7,
  silu: 8,
  gelu: 11,
  outer: 1,
  // Maximum, difference, sum and quotient, and an exp.
  softmax: 8,
  // Four products and two sums for two numbers, and a sine, a cosine and an angle.
  ropeHalf: 7.5,
  ropeInterleaved: 7.5,
  transpose: 0,
  oneHot2: 0,
};

/** Operations of one call of a function of the vocabulary. */
export function operationsOf(name: string, args: readonly FormulaArray[], result: FormulaArray): number {
  const numbers = result.size;
  const first = args[0]!.size;
  switch (name) {
    case "sum":
      return first;
    case "meanFill":
      return first + 1;
    case "dot":
      return 2 * first;
    case "vecmat":
      return 2 * first * numbers;
    case "topkMask":
      // One pass of comparisons for each one that is chosen; how many is a number of the task.
      return first * Math.max(1, Math.min(first, args[1]!.values[0]!));
    default:
      return Math.ceil(each[name]! * numbers);
  }
}
