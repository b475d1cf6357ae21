/** Raises single operations of a model to statements. */

import { insertSums } from "../program/insert-sums.ts";
import type { ProgramExpression } from "../program/program.ts";
import { type Dimension, dimension, extentOf, leaves } from "./atoms.ts";
import { elementWise, pairs, withConstant } from "./element-wise.ts";
import { layerNorm } from "./layer-norm.ts";
import { gather, masked, scatter } from "./masks-and-edges.ts";
import type { Node } from "./model-types.ts";
import { align, axisOf, binary, broadcast, like, operandValue, product, scaled, tensorOf, unary } from "./pieces.ts";
import { access, letters, type RaisedValue, type Raiser, type TensorView } from "./raiser.ts";

/** Raises `node`; its results become values. @throws {FuseflowError} `model-unsupported` */
export function raiseNode(raiser: Raiser, node: Node): void {
  const result = raised(raiser, node);
  raiser.values.set(node.outputs[0]!, result);
}

function raised(raiser: Raiser, node: Node): RaisedValue {
  const { op } = node;
  const map = elementWise(node);
  if (map !== null) return mapped(raiser, node, map);
  if (Object.hasOwn(pairs, op) || op === "pow") return combined(raiser, node);
  const special = specials[op];
  if (special !== undefined) return special(raiser, node);
  const inside = [...new Set(node.regions.flatMap(({ nodes }) => nodes.map((inner) => inner.op)))];
  const what = inside.length === 0 ? "this operation" : `a body of ${inside.join(", ")}`;
  throw raiser.refusal(
    node,
    `there is no dataflow graph for ${what}; express it by products, sums and element-wise functions`,
  );
}

const specials: Readonly<Record<string, (raiser: Raiser, node: Node) => RaisedValue>> = {
  identity: (raiser, node) => operandValue(raiser, node, 0),
  cast: (raiser, node) => operandValue(raiser, node, 0),
  full: (_raiser, node) => {
    const value = node.attributes.value;
    const shape = (node.attributes.shape as readonly number[]) ?? [];
    const number =
      value === null
        ? Number.NEGATIVE_INFINITY
        : Number(typeof value === "object" ? (value as { value: string }).value : value);
    return { kind: "constant", value: number, shape };
  },
  matmul,
  linear,
  einsum,
  permute: (raiser, node) => permuted(tensorOf(raiser, node, 0), node.attributes.axes as readonly number[]),
  reshape: (raiser, node) => reshape(raiser, node),
  unsqueeze: (raiser, node) => reshape(raiser, node),
  squeeze: (raiser, node) => reshape(raiser, node),
  expand: (raiser, node) => expand(raiser, node),
  "expand-like": (raiser, node) => expand(raiser, node),
  softmax: (raiser, node) => softmax(raiser, node),
  "log-softmax": (raiser, node) => mapView(raiser, node, softmax(raiser, node), (operand) => unary("log", operand)),
  "layer-norm": (raiser, node) => layerNorm(raiser, node),
  sum: (raiser, node) => reduced(raiser, node, { operation: "add", mean: false }),
  mean: (raiser, node) => reduced(raiser, node, { operation: "add", mean: true }),
  max: (raiser, node) => reduced(raiser, node, { operation: "max", mean: false }),
  equal: (raiser, node) => {
    const [mask, zero] = [operandValue(raiser, node, 0), operandValue(raiser, node, 1)];
    const from = node.inputs[0]!;
    if (mask.kind === "tensor" && zero.kind === "constant" && zero.value === 0 && raiser.graph.inputs.includes(from))
      return { kind: "unmasked", mask: from };
    throw raiser.refusal(node, "comparisons are understood only as a mask: an input compared with 0");
  },
  where: (raiser, node) => masked(raiser, node),
  select: (raiser, node) => {
    const from = node.inputs[0]!;
    if (raiser.graph.inputs.includes(from) && Number(node.attributes.axis) === 0)
      return { kind: "index", from, row: Number(node.attributes.index) };
    throw raiser.refusal(node, "only the rows of an edge list are selected");
  },
  gather: (raiser, node) => gather(raiser, node),
  "scatter-elements": (raiser, node) => scatter(raiser, node),
};

function mapped(raiser: Raiser, node: Node, apply: (operand: ProgramExpression) => ProgramExpression): RaisedValue {
  const value = operandValue(raiser, node, 0);
  if (value.kind !== "tensor") throw raiser.refusal(node, "its operand is no tensor");
  return mapView(raiser, node, value, apply);
}

function mapView(
  raiser: Raiser,
  node: Node,
  operand: TensorView,
  apply: (operand: ProgramExpression) => ProgramExpression,
): TensorView {
  const result = like(raiser, node, operand.dimensions);
  raiser.emit(result, (variables) => apply(access(operand, variables)));
  return result;
}

function combined(raiser: Raiser, node: Node): RaisedValue {
  const [left, right] = [operandValue(raiser, node, 0), operandValue(raiser, node, 1)];
  if (left.kind === "constant" && right.kind === "constant") throw raiser.refusal(node, "both sides are constants");
  if (left.kind === "constant" || right.kind === "constant") return oneConstant(raiser, node, left, right);
  const combine = pairs[node.op];
  if (combine === undefined) throw raiser.refusal(node, "only a power of two, a constant, has blocks");
  const [a, b] = [tensorOf(raiser, node, 0), tensorOf(raiser, node, 1)];
  const result = raiser.fresh(node.outputs[0]!, raiser.shape(node.outputs[0]!, node));
  for (const side of [a, b]) align(raiser, node, side, result);
  raiser.emit(result, (variables) => combine(broadcast(a, variables), broadcast(b, variables)));
  return result;
}

function oneConstant(raiser: Raiser, node: Node, left: RaisedValue, right: RaisedValue): TensorView {
  const [constant, operand] = left.kind === "constant" ? [left, right] : [right, left];
  const map =
    constant.kind === "constant" && withConstant(node.op, { constant: constant.value, left: constant === left });
  if (!map) throw raiser.refusal(node, "there is no block for it with a constant on that side");
  if (operand.kind !== "tensor") throw raiser.refusal(node, "its operand is no tensor");
  return mapView(raiser, node, operand, map);
}

function permuted(view: TensorView, axes: readonly number[]): TensorView {
  const dimensions = axes.map((axis) => view.dimensions[axis]!);
  return { ...view, dimensions, places: () => axes.map((axis) => view.places()[axis]!) };
}

function reshape(raiser: Raiser, node: Node): RaisedValue {
  const value = operandValue(raiser, node, 0);
  if (value.kind === "index") return value;
  const view = tensorOf(raiser, node, 0);
  const dimensions = raiser.shape(node.outputs[0]!, node).map(dimension);
  raiser.same(view.dimensions.flat(), dimensions.flat(), node);
  const places = (): number[][] => {
    const flat = view.places().flat();
    let next = 0;
    return dimensions.map((each) => leaves(each).map(() => flat[next++]!));
  };
  return { ...view, dimensions, places };
}

function expand(raiser: Raiser, node: Node): RaisedValue {
  const value = operandValue(raiser, node, 0);
  if (value.kind !== "tensor") return value;
  const rank = raiser.shape(node.outputs[0]!, node).length;
  const added = Array.from({ length: rank - value.dimensions.length }, (): Dimension => []);
  return {
    ...value,
    dimensions: [...added, ...value.dimensions],
    places: () => [...added.map(() => []), ...value.places()],
  };
}

function matmul(raiser: Raiser, node: Node): RaisedValue {
  const [a, b] = [tensorOf(raiser, node, 0), tensorOf(raiser, node, 1)];
  return product(raiser, node, { a, b, name: node.outputs[0]! });
}

function linear(raiser: Raiser, node: Node): RaisedValue {
  const [x, w] = [tensorOf(raiser, node, 0), tensorOf(raiser, node, 1)];
  const hasBias = node.inputs[2] !== null && node.inputs[2] !== undefined;
  const name = node.outputs[0]!;
  const multiplied = product(raiser, node, { a: x, b: permuted(w, [1, 0]), name: hasBias ? `${name}_product` : name });
  if (!hasBias) return multiplied;
  const bias = tensorOf(raiser, node, 2);
  const result = like(raiser, node, multiplied.dimensions);
  align(raiser, node, bias, result);
  raiser.emit(result, (variables) => binary("add", access(multiplied, variables), broadcast(bias, variables)));
  return result;
}

function einsum(raiser: Raiser, node: Node): RaisedValue {
  const equation = String(node.attributes.equation).replaceAll(" ", "");
  const [inputs = "", output] = equation.split("->");
  const terms = inputs.split(",");
  if (output === undefined || equation.includes("."))
    throw raiser.refusal(node, `the equation ${equation} needs an explicit result and no ellipsis`);
  const views = terms.map((_, at) => tensorOf(raiser, node, at));
  const byLabel = new Map<string, Dimension>();
  for (const [at, term] of terms.entries()) {
    for (const [axis, label] of [...term].entries()) {
      const own = views[at]!.dimensions[axis]!;
      const known = byLabel.get(label);
      if (known === undefined) byLabel.set(label, own);
      else raiser.same(own, known, node);
    }
  }
  const result = like(
    raiser,
    node,
    [...output].map((label) => byLabel.get(label)!),
  );
  raiser.emit(result, (variables) => {
    const named = new Map<string, readonly string[]>([...output].map((label, at) => [label, variables[at]!]));
    const rest = [...byLabel.keys()].filter((label) => !named.has(label));
    const fresh = letters(
      rest.map((label) => byLabel.get(label)!),
      variables.length,
    );
    for (const [at, label] of rest.entries()) named.set(label, fresh[at]!);
    const factors = terms.map((term, at) =>
      access(
        views[at]!,
        [...term].map((label) => named.get(label)!),
      ),
    );
    return insertSums(
      factors.reduce((left, right) => binary("mul", left, right)),
      new Set(variables.flat()),
    );
  });
  return result;
}

function softmax(raiser: Raiser, node: Node): TensorView {
  const operand = tensorOf(raiser, node, 0);
  const axis = axisOf(node.attributes.axis ?? -1, operand.dimensions.length);
  const name = node.op === "softmax" ? node.outputs[0]! : `${node.outputs[0]}_softmax`;
  const result = like(raiser, node, operand.dimensions, name);
  raiser.emit(result, (variables) => {
    const [over, ...more] = variables[axis]!;
    if (over === undefined || more.length > 0) throw raiser.refusal(node, "its dimension is split by a reshape");
    return { kind: "softmax", over, operand: access(operand, variables) };
  });
  return result;
}

interface ReductionKind {
  readonly operation: "add" | "max";
  readonly mean: boolean;
}

function reduced(raiser: Raiser, node: Node, { operation, mean }: ReductionKind): TensorView {
  const operand = tensorOf(raiser, node, 0);
  const rank = operand.dimensions.length;
  const listed = node.attributes.axes as readonly number[] | null | undefined;
  const axes = new Set((listed ?? operand.dimensions.map((_, at) => at)).map((axis) => axisOf(axis, rank)));
  const keeps = node.attributes.keepDims === true;
  const dimensions = operand.dimensions.flatMap((each, at): Dimension[] =>
    axes.has(at) ? (keeps ? [[]] : []) : [each],
  );
  const result = like(raiser, node, dimensions);
  raiser.emit(result, (variables) => {
    const fresh = letters(operand.dimensions, variables.length);
    let next = 0;
    const all = operand.dimensions.map((_, at) => {
      if (axes.has(at)) {
        if (keeps) next += 1;
        return fresh[at]!;
      }
      return variables[next++]!;
    });
    const over = all.flatMap((names, at) => (axes.has(at) ? names : []));
    const whole = access(operand, all);
    const sum: ProgramExpression = over.length === 0 ? whole : { kind: "reduction", operation, over, operand: whole };
    const count = extentOf(operand.dimensions.filter((_, at) => axes.has(at)).flat());
    return mean ? scaled("scalar-div", count, sum) : sum;
  });
  return result;
}
