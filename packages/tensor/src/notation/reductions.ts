import type { Assignment, Expression } from "./expression.ts";
import { factorsOf, indicesOf, termsOf } from "./terms.ts";

/** Which indices are summed over which node; nodes without any are absent. */
export type Reductions = ReadonlyMap<Expression, readonly string[]>;

/**
 * Where the indices that are not on the left are summed: each over the smallest term that holds all that it connects.
 *
 * A term of the right side is summed over its own indices that the output lacks, so `y(i) = A(i,j) * x(j) + z(i)` adds
 * `z(i)` once. In a term with a sum in parentheses as a factor, an index that no other factor has belongs to the terms of that sum:
 * `(A(i,j) * x(j) + z(i)) * d(i)` adds `z(i)` once too, but `(A(i,j) + B(i,j)) * x(j)` sums the whole product over j.
 * A quotient counts as a product. Indices come in the order of their first use in the term.
 *
 * For terms this is the rule of TACO, whose documentation puts a reduction over the smallest expression that holds all
 * uses of its index. TACO refuses reductions in sums within products; there its rule for terms is extended.
 */
export function reductionsOf(assignment: Assignment): Reductions {
  const reductions = new Map<Expression, readonly string[]>();
  reduceTerms(assignment.right, new Set(assignment.output.indices.map(({ name }) => name)), reductions);
  return reductions;
}

/** `bound` holds the indices that have a value wherever `sum` stands. */
function reduceTerms(
  sum: Expression,
  bound: ReadonlySet<string>,
  reductions: Map<Expression, readonly string[]>,
): void {
  for (const { expression: term } of termsOf(sum)) {
    const factors = factorsOf(term).map(({ expression }) => expression);
    const holders = holdersOf(factors);
    const own = indicesOf(term).filter((name) => !bound.has(name) && !inOneSum(holders.get(name) ?? []));
    if (own.length > 0) reductions.set(term, own);
    const inside = own.length > 0 ? new Set([...bound, ...own]) : bound;
    for (const factor of factors) {
      if (isSum(factor)) reduceTerms(factor, inside, reductions);
    }
  }
}

/** The factors that have each index. */
function holdersOf(factors: readonly Expression[]): Map<string, Expression[]> {
  const holders = new Map<string, Expression[]>();
  for (const factor of factors) {
    for (const name of indicesOf(factor)) {
      const known = holders.get(name);
      if (known === undefined) holders.set(name, [factor]);
      else known.push(factor);
    }
  }
  return holders;
}

/** Whether an index belongs to the terms of the only factor that has it. */
function inOneSum(holders: readonly Expression[]): boolean {
  return holders.length === 1 && holders.every(isSum);
}

function isSum(expression: Expression): boolean {
  return expression.kind === "add" || expression.kind === "sub";
}
