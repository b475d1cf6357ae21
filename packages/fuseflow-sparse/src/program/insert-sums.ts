/**
 * Makes the sums of index notation explicit: a variable that the result lacks is summed.
 *
 * A sum goes around the smallest product that holds all uses of its variable, so that `A(i,k) * X(k,l) * W(l,j)` becomes the
 * two nested products of a factored iteration and not one loop nest over i, k, l and j. Functions are applied to sums.
 */
import { type ProgramExpression, variablesOf } from "./program.ts";

/** The expression with a reduction for each of its variables that is not in `kept`. */
export function insertSums(expression: ProgramExpression, kept: ReadonlySet<string>): ProgramExpression {
  switch (expression.kind) {
    case "access":
      return reduced(expression, kept);
    case "unary":
      return { ...expression, operand: insertSums(expression.operand, kept) };
    case "softmax":
      return { ...expression, operand: insertSums(expression.operand, new Set([...kept, expression.over])) };
    case "reduction":
      return { ...expression, operand: insertSums(expression.operand, new Set([...kept, ...expression.over])) };
    case "binary":
      return binary(expression, kept);
  }
}

function binary(
  expression: Extract<ProgramExpression, { readonly kind: "binary" }>,
  kept: ReadonlySet<string>,
): ProgramExpression {
  const { operation, left, right } = expression;
  if (operation !== "mul" && operation !== "div") {
    return { ...expression, left: insertSums(left, kept), right: insertSums(right, kept) };
  }
  const outside = (sibling: ProgramExpression): ReadonlySet<string> => new Set([...kept, ...variablesOf(sibling)]);
  // Only a numerator may be summed before a division.
  const divisor = operation === "div" ? new Set([...kept, ...variablesOf(right)]) : outside(left);
  return reduced({ ...expression, left: insertSums(left, outside(right)), right: insertSums(right, divisor) }, kept);
}

function reduced(expression: ProgramExpression, kept: ReadonlySet<string>): ProgramExpression {
  const over = variablesOf(expression).filter((variable) => !kept.has(variable));
  return over.length === 0 ? expression : { kind: "reduction", operation: "add", over, operand: expression };
}
