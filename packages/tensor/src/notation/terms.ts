import type { Access, Expression } from "./expression.ts";

/** An addend of a sum. */
export interface Term {
  /** Whether it is subtracted. */
  readonly negative: boolean;
  /** An access, a literal, a product or a quotient: never itself a sum or a negation. */
  readonly expression: Expression;
}

/** A member of a product. */
export interface Factor {
  /** Whether the product is divided by it. */
  readonly inverted: boolean;
  /** An access, a literal, or a sum in parentheses: never itself a product, a quotient or a negation. */
  readonly expression: Expression;
}

/** The addends of an expression from left to right, signs worked out; sums within products stay whole. */
export function termsOf(expression: Expression): readonly Term[] {
  const terms: Term[] = [];
  const walk = (node: Expression, negative: boolean): void => {
    if (node.kind === "neg") walk(node.operand, !negative);
    else if (node.kind === "add" || node.kind === "sub") {
      walk(node.left, negative);
      walk(node.right, node.kind === "sub" ? !negative : negative);
    } else terms.push({ negative, expression: node });
  };
  walk(expression, false);
  return terms;
}

/** The members of a term from left to right; the signs of negations within it are left out. */
export function factorsOf(term: Expression): readonly Factor[] {
  const factors: Factor[] = [];
  const walk = (node: Expression, inverted: boolean): void => {
    if (node.kind === "neg") walk(node.operand, inverted);
    else if (node.kind === "mul" || node.kind === "div") {
      walk(node.left, inverted);
      walk(node.right, node.kind === "div" ? !inverted : inverted);
    } else factors.push({ inverted, expression: node });
  };
  walk(term, false);
  return factors;
}

/** Every use of a tensor, from left to right. */
export function accessesOf(expression: Expression): readonly Access[] {
  const accesses: Access[] = [];
  const walk = (node: Expression): void => {
    if (node.kind === "access") accesses.push(node);
    else if (node.kind === "neg") walk(node.operand);
    else if (node.kind !== "literal") {
      walk(node.left);
      walk(node.right);
    }
  };
  walk(expression);
  return accesses;
}

/** The names of all indices, each once, in the order of their first use. */
export function indicesOf(expression: Expression): readonly string[] {
  const names = new Set<string>();
  for (const { indices } of accessesOf(expression)) for (const { name } of indices) names.add(name);
  return [...names];
}
