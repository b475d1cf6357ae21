/**
 * Turns an expression into a predicate over a row of numbers; names become slots of the row.
 *
 * All arithmetic is that of doubles: `/` divides exactly also between integers, `%` is the remainder with the sign
 * of the dividend. A comparison with NaN (such as after `% 0`) is false, `!=` included.
 */
import type { BinaryOperator, Expression } from "./parse.ts";

type Term = (row: Float64Array) => number;
/** Whether a constraint holds for the numbers in `row`. */
export type Predicate = (row: Float64Array) => boolean;

function compileTerm(expression: Expression, slotOf: (name: string) => number): Term {
  switch (expression.kind) {
    case "number": {
      const { value } = expression;
      return () => value;
    }
    case "name": {
      const slot = slotOf(expression.name);
      return (row) => row[slot]!;
    }
    case "unary": {
      const operand = compileTerm(expression.operand, slotOf);
      return (row) => -operand(row);
    }
    default:
      return arithmetic(
        expression.operator,
        compileTerm(expression.left, slotOf),
        compileTerm(expression.right, slotOf),
      );
  }
}

function arithmetic(operator: BinaryOperator, left: Term, right: Term): Term {
  switch (operator) {
    case "+":
      return (row) => left(row) + right(row);
    case "-":
      return (row) => left(row) - right(row);
    case "*":
      return (row) => left(row) * right(row);
    case "/":
      return (row) => left(row) / right(row);
    case "%":
      return (row) => left(row) % right(row);
    default:
      return (row) => left(row) ** right(row);
  }
}

function comparison(operator: BinaryOperator, left: Term, right: Term): Predicate {
  switch (operator) {
    case "==":
      return (row) => left(row) === right(row);
    case "!=":
      return (row) => {
        const difference = left(row) - right(row);
        return difference < 0 || difference > 0;
      };
    case "<":
      return (row) => left(row) < right(row);
    case "<=":
      return (row) => left(row) <= right(row);
    case ">":
      return (row) => left(row) > right(row);
    default:
      return (row) => left(row) >= right(row);
  }
}

/** Compiles an expression that is true or false; `slotOf` says where in the row a name lies. */
export function compilePredicate(expression: Expression, slotOf: (name: string) => number): Predicate {
  if (expression.kind === "unary") {
    const operand = compilePredicate(expression.operand, slotOf);
    return (row) => !operand(row);
  }
  if (expression.kind !== "binary") return () => false;
  const { operator } = expression;
  if (expression.left.type === "number") {
    return comparison(operator, compileTerm(expression.left, slotOf), compileTerm(expression.right, slotOf));
  }
  const left = compilePredicate(expression.left, slotOf);
  const right = compilePredicate(expression.right, slotOf);
  if (operator === "and") return (row) => left(row) && right(row);
  if (operator === "or") return (row) => left(row) || right(row);
  return operator === "==" ? (row) => left(row) === right(row) : (row) => left(row) !== right(row);
}
