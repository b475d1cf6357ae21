import type { BinaryOperation, UnaryOperation } from "../../sam/graph.ts";

/** The result of a binary operation; a missing operand counts as 0. A function of its own for each would box every result. */
export function combine(operation: BinaryOperation, a: number, b: number): number {
  switch (operation) {
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
    case "elemmul":
      return a * b;
    case "div":
      return a / b;
    case "max":
      return Math.max(a, b);
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
