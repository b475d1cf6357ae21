/** The value of a formula at one point of the loops, given which operands are there. */
import type { NestBuilder, Value } from "@millrace/loop-ir";
import { type Presence, presenceOf } from "../iteration/sequence.ts";
import type { Formula } from "../iteration/statement.ts";

/** An operand at the present point: whether it is there, and its value (0 where it may not be). */
export interface PointOperand {
  readonly presence: Presence<Value>;
  readonly value: Value;
}

/** The value of a formula; an absent operand counts as 0 in sums and takes products with it. */
export function formulaValue(
  b: NestBuilder,
  formula: Formula,
  operand: (operand: number) => PointOperand,
): Value | undefined {
  const presence = (node: Formula): Presence<Value> =>
    presenceOf<Value>(node, (at) => operand(at).presence, {
      and: (left, right) => b.and(left, right),
      or: (left, right) => b.or(left, right),
    });
  const evaluate = (node: Formula): Value | undefined => {
    switch (node.kind) {
      case "literal":
        return b.f64(node.value);
      case "operand": {
        const { presence: there, value } = operand(node.operand);
        return there === false ? undefined : value;
      }
      case "negate": {
        const value = evaluate(node.operand);
        return value === undefined ? undefined : b.unary("negate", value);
      }
      case "add":
      case "subtract":
        return sum(node);
      default:
        return product(node);
    }
  };
  const sum = (node: Extract<Formula, { readonly left: Formula }>): Value | undefined => {
    const left = evaluate(node.left);
    const right = evaluate(node.right);
    if (right === undefined) return left;
    if (left === undefined) return node.kind === "add" ? right : b.unary("negate", right);
    return node.kind === "add" ? b.add(left, right) : b.subtract(left, right);
  };
  const product = (node: Extract<Formula, { readonly left: Formula }>): Value | undefined => {
    const there = presence(node);
    const left = evaluate(node.left);
    const right = evaluate(node.right) ?? (node.kind === "divide" ? b.f64(0) : undefined);
    if (there === false || left === undefined || right === undefined) return undefined;
    const value = node.kind === "divide" ? b.divide(left, right) : b.multiply(left, right);
    // An infinite factor must not reach the sum through an operand that is not there.
    return there === true ? value : b.select(there, value, 0);
  };
  return evaluate(formula);
}
