/** Pieces that raising operations share: operands, results, products. */
import { insertSums } from "../program/insert-sums.ts";
import type { ProgramBinary, ProgramExpression } from "../program/program.ts";
import type { UnaryOperation } from "../sam/graph.ts";
import { type Dimension, extentOf, leaves } from "./atoms.ts";
import type { Node } from "./model-types.ts";
import { access, letters, type RaisedValue, type Raiser, type TensorView, type Variables } from "./raiser.ts";

/** A function of an expression. */
export function unary(operation: UnaryOperation, operand: ProgramExpression): ProgramExpression {
  return { kind: "unary", operation, operand };
}

/** A function with a constant. */
export function scaled(operation: UnaryOperation, constant: number, operand: ProgramExpression): ProgramExpression {
  return { kind: "unary", operation, constant, operand };
}

/** Two expressions combined. */
export function binary(operation: ProgramBinary, left: ProgramExpression, right: ProgramExpression): ProgramExpression {
  return { kind: "binary", operation, left, right };
}

/** What operand `at` of a node is. @throws {FuseflowError} `model-unsupported` */
export function operandValue(raiser: Raiser, node: Node, at: number): RaisedValue {
  const name = node.inputs[at];
  const value = name === null || name === undefined ? undefined : raiser.values.get(name);
  if (value !== undefined) return value;
  throw raiser.refusal(node, `operand ${at} has no value`);
}

/** Operand `at` as a tensor. @throws {FuseflowError} `model-unsupported` */
export function tensorOf(raiser: Raiser, node: Node, at: number): TensorView {
  const value = operandValue(raiser, node, at);
  if (value.kind === "tensor") return value;
  throw raiser.refusal(node, `operand ${at} is no tensor of numbers`);
}

/** A new tensor with the dimensions of others. */
export function like(
  raiser: Raiser,
  node: Node,
  dimensions: readonly Dimension[],
  name: string = node.outputs[0]!,
): TensorView {
  const result = raiser.fresh(name, dimensions.map(extentOf));
  for (const [at, each] of result.dimensions.entries()) raiser.same(each, dimensions[at]!, node);
  return result;
}

/** Makes the dimensions of an operand those of the result, from the innermost on, extents of 1 apart. */
export function align(raiser: Raiser, node: Node, operand: TensorView, result: TensorView): void {
  const shift = result.dimensions.length - operand.dimensions.length;
  for (const [at, each] of operand.dimensions.entries()) {
    if (leaves(each).length > 0) raiser.same(each, result.dimensions[at + shift]!, node);
  }
}

/** An operand under the innermost of the variables of a result. */
export function broadcast(operand: TensorView, variables: Variables): ProgramExpression {
  return access(operand, variables.slice(variables.length - operand.dimensions.length));
}

/** A product to be made. */
export interface Factors {
  readonly a: TensorView;
  readonly b: TensorView;
  readonly name: string;
}

/** A matrix product, batched over outer dimensions; a vector is a row on the left and a column on the right. */
export function product(raiser: Raiser, node: Node, { a, b, name }: Factors): TensorView {
  const [rows, inner] = a.dimensions.length === 1 ? [null, a.dimensions[0]!] : a.dimensions.slice(-2);
  const [inner2, columns] = b.dimensions.length === 1 ? [b.dimensions[0]!, null] : b.dimensions.slice(-2);
  if (inner === undefined || inner2 === undefined || inner === null || inner2 === null) {
    throw raiser.refusal(node, "a product with a number; write it as a multiplication");
  }
  raiser.same(inner, inner2, node);
  const outer = batchOf(raiser, node, [a.dimensions.slice(0, -2), b.dimensions.slice(0, -2)]);
  const own = [rows, columns].filter((each): each is Dimension => each !== null && each !== undefined);
  const result = like(raiser, node, [...outer, ...own], name);
  raiser.emit(result, (variables) => {
    const [k] = letters([inner], variables.length) as [readonly string[]];
    const batch = variables.slice(0, outer.length);
    const over = (view: TensorView): Variables => batch.slice(batch.length - Math.max(0, view.dimensions.length - 2));
    const [i, j] = [variables.slice(outer.length, outer.length + (rows ? 1 : 0)), columns ? [variables.at(-1)!] : []];
    const left = access(a, [...over(a), ...i, k]);
    const right = access(b, [...over(b), k, ...j]);
    return insertSums(binary("mul", left, right), new Set(variables.flat()));
  });
  return result;
}

/** The outer dimensions of a product, from those of its factors: what one has not, it is repeated along. */
function batchOf(
  raiser: Raiser,
  node: Node,
  [a, b]: readonly [readonly Dimension[], readonly Dimension[]],
): readonly Dimension[] {
  const [most, fewest] = a.length >= b.length ? [a, b] : [b, a];
  const shift = most.length - fewest.length;
  return most.map((each, at) => {
    const other = fewest[at - shift];
    if (other === undefined || leaves(other).length === 0) return each;
    if (leaves(each).length === 0) return other;
    raiser.same(each, other, node);
    return each;
  });
}

/** An axis counted from the front. */
export function axisOf(axis: unknown, rank: number): number {
  const at = Number(axis);
  return at < 0 ? at + rank : at;
}
