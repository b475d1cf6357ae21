import { TensorError } from "../errors.ts";
import type { Access, Expression } from "./expression.ts";
import type { Extents } from "./infer-extents.ts";
import type { Reductions } from "./reductions.ts";

/** A product of tensors and a number: one addend of an expression multiplied out. */
export interface Product {
  readonly coefficient: number;
  readonly factors: readonly Access[];
  readonly divisors: readonly Access[];
}

/** Sums multiplied with sums make products without end; no expression that is meant makes so many. */
const mostProducts = 4096;

const one: Product = { coefficient: 1, factors: [], divisors: [] };

/**
 * An expression multiplied out into a sum of products; `undefined` if it divides by a sum.
 *
 * A product may lack an index that is summed over the whole it came from, as `z(i)` of `(A(i,j) + z(i)) * x(j)` would
 * if it had not `x(j)` beside it: then it counts once for each value of that index, which its coefficient takes in.
 *
 * @throws {TensorError} `notation-operands` if there are more than 4096 products
 */
export function expandProducts(
  root: Expression,
  extents: Extents,
  reductions: Reductions,
): readonly Product[] | undefined {
  const expand = (node: Expression): readonly Product[] | undefined => {
    const products = expandNode(node);
    const reduced = reductions.get(node);
    return reduced === undefined ? products : products?.map((product) => repeated(product, reduced, extents));
  };
  const expandNode = (node: Expression): readonly Product[] | undefined => {
    if (node.kind === "literal") return [{ ...one, coefficient: node.value }];
    if (node.kind === "access") return [{ ...one, factors: [node] }];
    if (node.kind === "neg") return expand(node.operand)?.map(negated);
    const left = expand(node.left);
    const right = expand(node.right);
    if (left === undefined || right === undefined) return undefined;
    if (node.kind === "add") return [...left, ...right];
    if (node.kind === "sub") return [...left, ...right.map(negated)];
    if (node.kind === "mul") {
      checkCount(left.length * right.length);
      return left.flatMap((a) => right.map((b) => times(a, b)));
    }
    if (right.length !== 1) return undefined;
    const { coefficient, factors, divisors } = right[0]!;
    const inverse: Product = { coefficient: 1 / coefficient, factors: divisors, divisors: factors };
    return left.map((product) => times(product, inverse));
  };
  return expand(root);
}

function checkCount(products: number): void {
  if (products <= mostProducts) return;
  throw new TensorError("notation-operands", `multiplied out, the expression has more than ${mostProducts} products`);
}

function negated(product: Product): Product {
  return { ...product, coefficient: -product.coefficient };
}

function times(a: Product, b: Product): Product {
  return {
    coefficient: a.coefficient * b.coefficient,
    factors: [...a.factors, ...b.factors],
    divisors: [...a.divisors, ...b.divisors],
  };
}

function repeated(product: Product, reduced: readonly string[], extents: Extents): Product {
  const used = new Set(
    [...product.factors, ...product.divisors].flatMap(({ indices }) => indices.map(({ name }) => name)),
  );
  const count = reduced.reduce((times, name) => (used.has(name) ? times : times * (extents.get(name) as number)), 1);
  return { ...product, coefficient: product.coefficient * count };
}
