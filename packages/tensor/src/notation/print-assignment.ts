import type { Access, Assignment, Expression } from "./expression.ts";

const symbols = { add: "+", sub: "-", mul: "*", div: "/" } as const;

/** How tightly the text of a node holds together; an operand that holds less tightly needs parentheses. */
const precedence = { add: 1, sub: 1, mul: 2, div: 2, neg: 3, literal: 4, access: 4 } as const;

/** An assignment as text that parses back to the same tree: `y(i) = A(i,j) * x(j) + z(i)`. */
export function printAssignment({ output, operator, right }: Assignment): string {
  return `${printAccess(output)} ${operator} ${printExpression(right)}`;
}

/** An expression with no more parentheses than its tree needs; a negative literal reads back as a negation. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "access":
      return printAccess(expression);
    case "literal":
      return String(expression.value);
    case "neg":
      return `-${printOperand(expression.operand, precedence.literal)}`;
    default: {
      const own = precedence[expression.kind];
      // Operators group from the left: a right operand of the same strength is a group of its own.
      const left = printOperand(expression.left, own);
      return `${left} ${symbols[expression.kind]} ${printOperand(expression.right, own + 1)}`;
    }
  }
}

function printOperand(operand: Expression, least: number): string {
  const text = printExpression(operand);
  return precedence[operand.kind] < least ? `(${text})` : text;
}

function printAccess({ tensor, indices }: Access): string {
  return indices.length === 0 ? tensor : `${tensor}(${indices.map(({ name }) => name).join(",")})`;
}
