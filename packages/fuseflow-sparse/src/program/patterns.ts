/**
 * Which expressions have a pattern: a set of stored entries, known from the program alone, outside of which they are zero.
 *
 * A sparse input has one; so has a product with a factor that has one and covers all variables (a mask), and what softmax
 * makes of it. Everything else is zero or not as the data has it, whatever the order of loops leaves unstored.
 */
import { parseFormat } from "@millrace/tensor";
import type { UnaryOperation } from "../sam/graph.ts";
import { type EinsumProgram, type ProgramExpression, type ProgramInput, variablesOf } from "./program.ts";

const zeroFromZero: ReadonlySet<UnaryOperation> = new Set([
  "sin",
  "sqrt",
  "tanh",
  "erf",
  "relu",
  "leakyrelu",
  "scalar-mul",
  "scalar-div",
]);

/** Whether a function gives zero for zero, so that what is not stored stays so. */
export function keepsZero(operation: UnaryOperation, constant = 0): boolean {
  if (operation === "max") return constant <= 0;
  return zeroFromZero.has(operation) || (operation === "scalar-add" && constant === 0);
}

/** Whether an expression has a pattern, given which tensors have one. */
export function hasPattern(expression: ProgramExpression, patterned: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case "access":
      return patterned.has(expression.tensor);
    case "softmax":
      return hasPattern(expression.operand, patterned);
    case "unary":
      return keepsZero(expression.operation, expression.constant) && hasPattern(expression.operand, patterned);
    case "binary":
      return patternSide(expression, patterned) !== null;
    case "reduction":
      return false;
  }
}

/** The side of a product whose pattern is that of the product, or null. */
export function patternSide(
  expression: Extract<ProgramExpression, { readonly kind: "binary" }>,
  patterned: ReadonlySet<string>,
): "left" | "right" | null {
  const { operation, left, right } = expression;
  const all = variablesOf(expression).length;
  const covers = (side: ProgramExpression): boolean => variablesOf(side).length === all && hasPattern(side, patterned);
  if (operation !== "mul" && operation !== "div") return null;
  if (covers(left)) return "left";
  return operation === "mul" && covers(right) ? "right" : null;
}

/** Whether an input stores some of its entries only. */
export function isSparse({ format, shape }: ProgramInput): boolean {
  return parseFormat(format, shape.length).levels.some(({ kind }) => kind !== "dense" && kind !== "block");
}

/** The tensors of a program that have a pattern. */
export function patternedTensors(program: EinsumProgram): ReadonlySet<string> {
  const patterned = new Set(program.inputs.filter(isSparse).map(({ name }) => name));
  for (const { tensor, expression } of program.statements) {
    if (hasPattern(expression, patterned)) patterned.add(tensor);
  }
  return patterned;
}
