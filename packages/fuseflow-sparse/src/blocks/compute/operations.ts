import type { BinaryOperation, UnaryOperation } from "../../sam/graph.ts";

/** The result of a binary operation; a missing operand counts as 0. */
export function combine(operation: BinaryOperation, a: number, b: number): number {
  const pair = Float64Array.of(a, b);
  combineIntoFirst(operation, pair);
  return pair[0]!;
}

/**
 * Replaces the first of two operands by the result of a binary operation. In an array, and by one function for all
 * operations: numbers that cross a call would cost an object each where the compiler does not inline it.
 */
export function combineIntoFirst(operation: BinaryOperation, pair: Float64Array): void {
  const a = pair[0]!;
  const b = pair[1]!;
  switch (operation) {
    case "add":
      pair[0] = a + b;
      break;
    case "sub":
      pair[0] = a - b;
      break;
    case "mul":
    case "elemmul":
      pair[0] = a * b;
      break;
    case "div":
      pair[0] = a / b;
      break;
    case "max":
      pair[0] = Math.max(a, b);
      break;
  }
}

/** Slope of `leakyrelu` below zero where none is given. */
const DEFAULT_SLOPE = 0.01;

/** The function of a unary operation, `constant` (0 unless given; the slope of `leakyrelu`) taken in. */
export function unaryFunction(operation: UnaryOperation, constant?: number): (value: number) => number {
  const c = constant ?? (operation === "leakyrelu" ? DEFAULT_SLOPE : 0);
  switch (operation) {
    case "exp":
      return Math.exp;
    case "log":
      return Math.log;
    case "sqrt":
      return Math.sqrt;
    case "tanh":
      return Math.tanh;
    case "erf":
      return errorFunction;
    case "sin":
      return Math.sin;
    case "cos":
      return Math.cos;
    case "rsqrt":
      return (value) => 1 / Math.sqrt(value);
    case "sigmoid":
      return (value) => 1 / (1 + Math.exp(-value));
    case "relu":
      return (value) => Math.max(value, 0);
    case "leakyrelu":
      return (value) => (value >= 0 ? value : c * value);
    case "max":
      return (value) => Math.max(value, c);
    case "scalar-add":
      return (value) => value + c;
    case "scalar-mul":
      return (value) => value * c;
    case "scalar-div":
      return (value) => value / c;
  }
}

/** The error function to 1e-15: its power series near zero, a continued fraction of its complement further out. */
function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  const square = x * x;
  if (size < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -square / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-square) / (fraction * Math.sqrt(Math.PI)));
}
