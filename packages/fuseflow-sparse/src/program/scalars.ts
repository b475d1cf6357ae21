/** Operators with numbers: folded where both sides are numbers, a unary operation where one is. */
import type { ProgramBinary, ProgramExpression } from "./program.ts";

/** A part of an expression while it is read: numbers stand alone only there. */
export type Operand = ProgramExpression | { readonly kind: "number"; readonly value: number };

/** The operator applied to two operands, at most one of which is left a number. */
export function scaled(operation: ProgramBinary, left: Operand, right: Operand): Operand {
  if (left.kind === "number" && right.kind === "number") {
    return { kind: "number", value: fold(operation, left.value, right.value) };
  }
  if (right.kind === "number") return withConstant(operation, left as ProgramExpression, right.value);
  if (left.kind === "number") return constantFirst(operation, left.value, right);
  return { kind: "binary", operation, left, right };
}

function fold(operation: ProgramBinary, a: number, b: number): number {
  switch (operation) {
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
      return a * b;
    case "div":
      return a / b;
    case "max":
      return Math.max(a, b);
  }
}

function withConstant(operation: ProgramBinary, operand: ProgramExpression, constant: number): ProgramExpression {
  switch (operation) {
    case "add":
      return { kind: "unary", operation: "scalar-add", constant, operand };
    case "sub":
      return { kind: "unary", operation: "scalar-add", constant: -constant, operand };
    case "mul":
      return { kind: "unary", operation: "scalar-mul", constant, operand };
    case "div":
      return { kind: "unary", operation: "scalar-div", constant, operand };
    case "max":
      return { kind: "unary", operation: "max", constant, operand };
  }
}

function constantFirst(operation: ProgramBinary, constant: number, operand: ProgramExpression): ProgramExpression {
  if (operation === "sub") {
    return withConstant("add", withConstant("mul", operand, -1), constant);
  }
  if (operation === "div") {
    // c / x, for a positive x: c * rsqrt(x) * rsqrt(x).
    const root: ProgramExpression = { kind: "unary", operation: "rsqrt", operand };
    return withConstant("mul", { kind: "binary", operation: "mul", left: root, right: root }, constant);
  }
  return withConstant(operation, operand, constant);
}
