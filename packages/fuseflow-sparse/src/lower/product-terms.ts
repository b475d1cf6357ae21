/**
 * An index expression as a sum of products, the form in which SAM evaluates it.
 *
 * Products are distributed over sums, so every term is one coefficient times some accesses; each term is then summed
 * over the reduction indices that occur in it.
 */
import type { Access, Expression, Reductions } from "@millrace/tensor";

/** One product: coefficient times the accesses, divided by the divisors. */
export interface ProductTerm {
  readonly coefficient: number;
  readonly factors: readonly Access[];
  /** Accesses divided by; all of them of order 0. */
  readonly divisors: readonly Access[];
}

/** Terms above this number are refused rather than multiplied out. */
const MAXIMUM_TERMS = 256;

const ONE: ProductTerm = { coefficient: 1, factors: [], divisors: [] };

/** A part of the expression that no sum of products can stand for, and why. */
export interface Obstacle {
  readonly expression: Expression;
  readonly reason: string;
}

/**
 * Multiplies `expression` out. Returns the terms in the order in which they are written, or what stands in the way.
 *
 * `reductions` tells which indices are summed over which part of the expression.
 */
export function productTerms(expression: Expression, reductions: Reductions): readonly ProductTerm[] | Obstacle {
  const terms = multipliedOut(expression, reductions);
  if (isObstacle(terms)) return terms;
  // A product without an index that the whole is summed over counts once for each value of it, however many these are.
  const absent = (reductions.get(expression) ?? []).find((index) => terms.some((term) => !uses(term, index)));
  if (absent === undefined) return terms;
  return { expression, reason: `it is summed over ${absent}, but multiplied out it has a term without ${absent}` };
}

function uses({ factors }: ProductTerm, index: string): boolean {
  return factors.some((access) => access.indices.some(({ name }) => name === index));
}

function multipliedOut(expression: Expression, reductions: Reductions): Result {
  switch (expression.kind) {
    case "access":
      return [{ ...ONE, factors: [expression] }];
    case "literal":
      return [{ ...ONE, coefficient: expression.value }];
    case "neg":
      return scale(productTerms(expression.operand, reductions), -1);
    default: {
      const left = productTerms(expression.left, reductions);
      const right = productTerms(expression.right, reductions);
      if (expression.kind === "mul") return product(expression, left, right);
      if (expression.kind === "div") return quotient(expression, left, right);
      return sum(left, right, expression.kind === "sub" ? -1 : 1);
    }
  }
}

/** Tells the two results of {@link productTerms} apart. */
export function isObstacle(result: readonly ProductTerm[] | Obstacle): result is Obstacle {
  return !Array.isArray(result);
}

type Result = readonly ProductTerm[] | Obstacle;

function scale(terms: Result, by: number): Result {
  return isObstacle(terms) ? terms : terms.map((term) => ({ ...term, coefficient: by * term.coefficient }));
}

function sum(left: Result, right: Result, sign: 1 | -1): Result {
  const addend = sign === 1 ? right : scale(right, sign);
  if (isObstacle(left)) return left;
  if (isObstacle(addend)) return addend;
  return [...left, ...addend];
}

function product(at: Expression, left: Result, right: Result): Result {
  if (isObstacle(left)) return left;
  if (isObstacle(right)) return right;
  if (left.length * right.length > MAXIMUM_TERMS) {
    return {
      expression: at,
      reason: `multiplied out it has ${left.length * right.length} terms, more than ${MAXIMUM_TERMS}`,
    };
  }
  return left.flatMap((a) => right.map((b) => times(a, b)));
}

function times(a: ProductTerm, b: ProductTerm): ProductTerm {
  return {
    coefficient: a.coefficient * b.coefficient,
    factors: [...a.factors, ...b.factors],
    divisors: [...a.divisors, ...b.divisors],
  };
}

function quotient(at: Expression, left: Result, right: Result): Result {
  if (isObstacle(left)) return left;
  if (isObstacle(right)) return right;
  const [divisor, another] = right;
  const scalar =
    divisor !== undefined && another === undefined && divisor.factors.every((access) => access.indices.length === 0);
  if (!scalar) {
    return {
      expression: at,
      reason: "only numbers and tensors of order 0 can be divided by: elsewhere a sparse divisor is zero",
    };
  }
  const inverse = { coefficient: 1 / divisor.coefficient, factors: divisor.divisors, divisors: divisor.factors };
  return left.map((term) => times(term, inverse));
}
