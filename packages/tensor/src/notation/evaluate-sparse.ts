import { TensorError } from "../errors.ts";
import { checkCoordinateList } from "../storage/coordinates/coordinate-list.ts";
import type { CoordinateList } from "../storage/tensor.ts";
import { componentsOf } from "../storage/value-array.ts";
import { expandProducts, type Product } from "./expand-products.ts";
import type { Access, Assignment } from "./expression.ts";
import { type Extents, inferExtents } from "./infer-extents.ts";
import { reductionsOf } from "./reductions.ts";
import { accessRelation, join, type Relation, rangeRelation, scalarRelation, sumOver } from "./relation.ts";

/** How far {@link evaluateSparse} may go. */
export interface EvaluateSparseOptions {
  /** Most nonzero points of one product at once; 2^25 unless given (about a gigabyte). */
  readonly maximumPoints?: number;
}

type Operands = Readonly<Record<string, CoordinateList>>;

/**
 * The value of an assignment by joining the entries of its operands: a reference for operands too large for
 * `evaluateDense`, which shares nothing with how streams of coordinates are merged.
 *
 * Multiplies out, then joins the factors of each product on their shared indices and sums what the output lacks. The
 * result has an entry wherever some product has one, zeros included, in row-major order. A product is zero where a factor
 * has no entry, also where dense arithmetic would make `0 / 0` of it.
 *
 * @throws {DiagnosticError} as {@link inferExtents}.
 * @throws {TensorError} `notation-operands` for a quotient by a sum or more than 4096 products, for complex operands and for `+=`; `too-large`; as
 *   `checkCoordinateList` for a faulty operand.
 *
 * @example
 * ```ts
 * const A = coordinateList([2, 2], [[0, 1, 2], [1, 0, 3]]);
 * const square = evaluateSparse(parseAssignment("S(i,j) = A(i,k) * A(k,j)"), { A });
 * [...square.values]; // => [6, 6]
 * ```
 */
export function evaluateSparse(
  assignment: Assignment,
  operands: Operands,
  options: EvaluateSparseOptions = {},
): CoordinateList {
  const shapes = Object.fromEntries(Object.entries(operands).map(([name, { shape }]) => [name, shape]));
  const extents = inferExtents(assignment, shapes);
  checkOperands(assignment, operands);
  const products = expandProducts(assignment.right, extents, reductionsOf(assignment));
  if (products === undefined) throw new TensorError("notation-operands", "the sparse reference cannot divide by a sum");
  const evaluation: Evaluation = { operands, extents, maximumPoints: options.maximumPoints ?? 2 ** 25 };
  const output = assignment.output.indices.map(({ name }) => name);
  const sums = products.map((product) => evaluateProduct(product, output, evaluation));
  const total = sumOver(appended(sums, output), output);
  const shape = output.map((name) => extents.get(name)!);
  return { shape, coordinates: total.columns, valueType: "float64", values: total.values };
}

interface Evaluation {
  readonly operands: Operands;
  readonly extents: Extents;
  readonly maximumPoints: number;
}

function evaluateProduct(
  { coefficient, factors, divisors }: Product,
  output: readonly string[],
  evaluation: Evaluation,
): Relation {
  const { operands, extents, maximumPoints } = evaluation;
  const relations = [
    ...factors.map((access) => accessRelation(access, operands[access.tensor]!)),
    ...divisors.map((access) => reciprocal(access, evaluation)),
  ];
  const covered = new Set(relations.flatMap(({ variables }) => variables));
  for (const name of output)
    if (!covered.has(name)) relations.push(rangeRelation(name, extents.get(name)!, maximumPoints));
  let product = scalarRelation(coefficient);
  while (relations.length > 0) {
    const [next] = relations.splice(mostShared(product, relations), 1);
    const needed = new Set([...output, ...relations.flatMap(({ variables }) => variables)]);
    const joined = join(product, next!, maximumPoints);
    product = joined.variables.every((name) => needed.has(name))
      ? joined
      : sumOver(
          joined,
          joined.variables.filter((name) => needed.has(name)),
        );
  }
  return sumOver(product, output);
}

// A divisor counts at every point: where it has no entry it divides by zero.
function reciprocal(access: Access, { operands, extents, maximumPoints }: Evaluation): Relation {
  const names = [...new Set(access.indices.map(({ name }) => name))];
  let points = scalarRelation(0);
  for (const name of names)
    points = join(points, rangeRelation(name, extents.get(name)!, maximumPoints), maximumPoints);
  const entries = accessRelation(access, operands[access.tensor]!);
  const aligned = names.length === 0 ? entries : sumOver(entries, names);
  const full = sumOver(appended([points, aligned], names), names);
  return { ...full, values: full.values.map((value) => 1 / value) };
}

/** The relation that shares most variables with what is joined already, so that intermediate results stay small. */
function mostShared(product: Relation, relations: readonly Relation[]): number {
  const shared = relations.map(({ variables }) => variables.filter((name) => product.variables.includes(name)).length);
  return shared.indexOf(Math.max(...shared));
}

function appended(relations: readonly Relation[], variables: readonly string[]): Relation {
  const rows = relations.reduce((sum, relation) => sum + relation.values.length, 0);
  const columns = variables.map(() => new Int32Array(rows));
  const values = new Float64Array(rows);
  let at = 0;
  for (const relation of relations) {
    for (const [v, name] of variables.entries())
      columns[v]!.set(relation.columns[relation.variables.indexOf(name)]!, at);
    values.set(relation.values, at);
    at += relation.values.length;
  }
  return { variables, columns, values };
}

function checkOperands({ output, operator }: Assignment, operands: Operands): void {
  if (operator === "+=")
    throw new TensorError("notation-operands", `the sparse reference writes '${output.tensor}' anew: use '='`);
  for (const [name, operand] of Object.entries(operands)) {
    checkCoordinateList(operand);
    if (componentsOf(operand.valueType) === 1) continue;
    throw new TensorError("notation-operands", `'${name}' is complex; the sparse reference computes with real numbers`);
  }
}
