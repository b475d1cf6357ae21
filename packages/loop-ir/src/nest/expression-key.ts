import type { Expression } from "./nest.ts";
import { typeName } from "./types.ts";
import { operandsOf } from "./walk.ts";

/** A text that two expressions share exactly if they compute the same thing in the same state. */
export function expressionKey(expression: Expression): string {
  const { kind } = expression;
  const own = ownKey(expression);
  const operands = operandsOf(expression).map(expressionKey);
  return operands.length === 0 ? `${kind} ${own}` : `${kind} ${own}(${operands.join(",")})`;
}

function ownKey(expression: Expression): string {
  switch (expression.kind) {
    case "constant":
      return `${expression.type} ${Object.is(expression.value, -0) ? "-0" : String(expression.value)}`;
    case "local":
      return String(expression.local);
    case "scalar":
      return String(expression.scalar);
    case "length":
      return String(expression.buffer);
    case "load":
      return `${typeName(expression.type)} ${expression.buffer}`;
    case "unary":
    case "binary":
    case "compare":
    case "reduce":
      return expression.operator;
    case "lane":
      return String(expression.lane);
    default:
      return typeName(expression.type);
  }
}
