/** Pieces that raising operations share: operands, results, products. */
import { insertSums } from "../program/insert-sums.ts";
import type { ProgramBinary, ProgramExpression } from "../program/program.ts";
import type { UnaryOperation } from "../sam/graph.ts";
import { type Dimension, leaves } from "./atoms.ts";
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
  const result = raiser.fresh(
    name,
    dimensions.map((each) => leaves(each).reduce((product, { extent }) => product * extent, 1)),
  );
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

/** A matrix product, batched over outer dimensions. */
export function product(raiser: Raiser, node: Node, { a, b, name }: Factors): TensorView {
  if (a.dimensions.length < 2 || b.dimensions.length < 2)
    throw raiser.refusal(node, "a product with a vector; give it as a matrix of one column");
  const [rows, inner] = a.dimensions.slice(-2) as [Dimension, Dimension];
  const [inner2, columns] = b.dimensions.slice(-2) as [Dimension, Dimension];
  raiser.same(inner, inner2, node);
  const [outerA, outerB] = [a.dimensions.slice(0, -2), b.dimensions.slice(0, -2)];
  const [most, fewest] = outerA.length >= outerB.length ? [outerA, outerB] : [outerB, outerA];
  const shift = most.length - fewest.length;
  const outer = most.map((each, at) => {
    const other = fewest[at - shift];
    if (other === undefined || leaves(other).length === 0) return each;
    if (leaves(each).length > 0) raiser.same(each, other, node);
    return leaves(each).length > 0 ? each : other;
  });
  const result = like(raiser, node, [...outer, rows, columns], name);
  raiser.emit(result, (variables) => {
    const [k] = letters([inner], variables.length) as [readonly string[]];
    const [i, j] = [variables.at(-2)!, variables.at(-1)!];
    const batch = variables.slice(0, -2);
    const left = access(a, [...batch.slice(batch.length - outerA.length), i, k]);
    const right = access(b, [...batch.slice(batch.length - outerB.length), k, j]);
    return insertSums(binary("mul", left, right), new Set(variables.flat()));
  });
  return result;
}

/** An axis counted from the front. */
export function axisOf(axis: unknown, rank: number): number {
  const at = Number(axis);
  return at < 0 ? at + rank : at;
}
