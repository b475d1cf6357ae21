/** Raises single operations of a model to statements. */

import { insertSums } from "../program/insert-sums.ts";
import type { ProgramBinary, ProgramExpression } from "../program/program.ts";
import type { UnaryOperation } from "../sam/graph.ts";
import { type Dimension, dimension, leaves } from "./atoms.ts";
import type { Node } from "./model-types.ts";
import { access, letters, type RaisedValue, type Raiser, type TensorView, type Variables } from "./raiser.ts";

const unaries: Readonly<Record<string, UnaryOperation>> = {
  ...{ relu: "relu", exp: "exp", log: "log", sin: "sin", cos: "cos", sqrt: "sqrt", rsqrt: "rsqrt" },
  ...{ sigmoid: "sigmoid", tanh: "tanh", erf: "erf" },
};
const binaries: Readonly<Record<string, ProgramBinary>> = {
  ...{ add: "add", sub: "sub", mul: "mul", div: "div", maximum: "max" },
};

/** Raises `node`; its results become values. @throws {FuseflowError} `model-unsupported` */
export function raiseNode(raiser: Raiser, node: Node): void {
  const result = raised(raiser, node);
  raiser.values.set(node.outputs[0]!, result);
}

function raised(raiser: Raiser, node: Node): RaisedValue {
  const { op } = node;
  if (Object.hasOwn(unaries, op)) return mapped(raiser, node, (operand) => unary(unaries[op]!, operand));
  if (Object.hasOwn(binaries, op)) return combined(raiser, node, binaries[op]!);
  const special = specials[op];
  if (special !== undefined) return special(raiser, node);
  throw raiser.refusal(
    node,
    "there is no dataflow graph for this operation; express it by products, sums and element-wise functions",
  );
}

const specials: Readonly<Record<string, (raiser: Raiser, node: Node) => RaisedValue>> = {
  neg: (raiser, node) => mapped(raiser, node, (operand) => scaled("scalar-mul", -1, operand)),
  identity: (raiser, node) => valueOf(raiser, node, 0),
  cast: (raiser, node) => valueOf(raiser, node, 0),
  full: (raiser, node) => {
    const value = node.attributes["value"];
    const shape = (node.attributes["shape"] as readonly number[]) ?? [];
    const number =
      value === null
        ? Number.NEGATIVE_INFINITY
        : Number(typeof value === "object" ? (value as { value: string }).value : value);
    return { kind: "constant", value: number, shape };
  },
  clamp: (raiser, node) => {
    const { minimum, maximum } = node.attributes;
    if (maximum !== null && maximum !== undefined) throw raiser.refusal(node, "a clamp from above has no block");
    return mapped(raiser, node, (operand) => scaled("max", Number(minimum), operand));
  },
  matmul,
  linear,
  einsum,
  permute: (raiser, node) => permuted(tensorOf(raiser, node, 0), node.attributes["axes"] as readonly number[]),
  reshape: (raiser, node) => reshape(raiser, node),
  unsqueeze: (raiser, node) => reshape(raiser, node),
  squeeze: (raiser, node) => reshape(raiser, node),
  expand: (raiser, node) => expand(raiser, node),
  softmax: (raiser, node) => softmax(raiser, node),
  "log-softmax": (raiser, node) => mapView(raiser, node, softmax(raiser, node), (operand) => unary("log", operand)),
  "layer-norm": (raiser, node) => layerNorm(raiser, node),
  sum: (raiser, node) => reduced(raiser, node, { operation: "add", mean: false }),
  mean: (raiser, node) => reduced(raiser, node, { operation: "add", mean: true }),
  max: (raiser, node) => reduced(raiser, node, { operation: "max", mean: false }),
  equal: (raiser, node) => {
    const [mask, zero] = [valueOf(raiser, node, 0), valueOf(raiser, node, 1)];
    const from = node.inputs[0]!;
    if (mask.kind === "tensor" && zero.kind === "constant" && zero.value === 0 && raiser.graph.inputs.includes(from))
      return { kind: "unmasked", mask: from };
    throw raiser.refusal(node, "comparisons are understood only as a mask: an input compared with 0");
  },
  where: (raiser, node) => masked(raiser, node),
  select: (raiser, node) => {
    const from = node.inputs[0]!;
    if (raiser.graph.inputs.includes(from) && Number(node.attributes["axis"]) === 0)
      return { kind: "index", from, row: Number(node.attributes["index"]) };
    throw raiser.refusal(node, "only the rows of an edge list are selected");
  },
  gather: (raiser, node) => gather(raiser, node),
  "scatter-elements": (raiser, node) => scatter(raiser, node),
};

function unary(operation: UnaryOperation, operand: ProgramExpression): ProgramExpression {
  return { kind: "unary", operation, operand };
}

function scaled(operation: UnaryOperation, constant: number, operand: ProgramExpression): ProgramExpression {
  return { kind: "unary", operation, constant, operand };
}

function binary(operation: ProgramBinary, left: ProgramExpression, right: ProgramExpression): ProgramExpression {
  return { kind: "binary", operation, left, right };
}

function valueOf(raiser: Raiser, node: Node, at: number): RaisedValue {
  const name = node.inputs[at];
  const value = name === null || name === undefined ? undefined : raiser.values.get(name);
  if (value !== undefined) return value;
  throw raiser.refusal(node, `operand ${at} has no value`);
}

function tensorOf(raiser: Raiser, node: Node, at: number): TensorView {
  const value = valueOf(raiser, node, at);
  if (value.kind === "tensor") return value;
  throw raiser.refusal(node, `operand ${at} is no tensor of numbers`);
}

function mapped(raiser: Raiser, node: Node, apply: (operand: ProgramExpression) => ProgramExpression): RaisedValue {
  const value = valueOf(raiser, node, 0);
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

/** A new tensor with the dimensions of others. */
function like(raiser: Raiser, node: Node, dimensions: readonly Dimension[], name = node.outputs[0]!): TensorView {
  const result = raiser.fresh(
    name,
    dimensions.map((each) => leaves(each).reduce((product, { extent }) => product * extent, 1)),
  );
  for (const [at, each] of result.dimensions.entries()) raiser.same(each, dimensions[at]!, node);
  return result;
}

function combined(raiser: Raiser, node: Node, operation: ProgramBinary): RaisedValue {
  const [left, right] = [valueOf(raiser, node, 0), valueOf(raiser, node, 1)];
  if (left.kind === "constant" && right.kind === "constant") throw raiser.refusal(node, "both sides are constants");
  if (right.kind === "constant") return withConstant(raiser, node, { operation, operand: left, constant: right.value });
  if (left.kind === "constant") {
    if (operation === "sub" || operation === "div") throw raiser.refusal(node, "a constant on the left has no block");
    return withConstant(raiser, node, { operation, operand: right, constant: left.value });
  }
  const [a, b] = [tensorOf(raiser, node, 0), tensorOf(raiser, node, 1)];
  const result = raiser.fresh(node.outputs[0]!, raiser.shape(node.outputs[0]!, node));
  for (const side of [a, b]) align(raiser, node, side, result);
  raiser.emit(result, (variables) => binary(operation, broadcast(a, variables), broadcast(b, variables)));
  return result;
}

function withConstant(
  raiser: Raiser,
  node: Node,
  { operation, operand, constant }: { operation: ProgramBinary; operand: RaisedValue; constant: number },
): TensorView {
  if (operand.kind !== "tensor") throw raiser.refusal(node, "its operand is no tensor");
  const block = {
    add: ["scalar-add", constant],
    sub: ["scalar-add", -constant],
    mul: ["scalar-mul", constant],
    div: ["scalar-div", constant],
    max: ["max", constant],
  } as const;
  const [name, by] = block[operation];
  return mapView(raiser, node, operand, (expression) => scaled(name, by, expression));
}

/** Makes the dimensions of an operand those of the result, from the innermost on, extents of 1 apart. */
function align(raiser: Raiser, node: Node, operand: TensorView, result: TensorView): void {
  const shift = result.dimensions.length - operand.dimensions.length;
  for (const [at, each] of operand.dimensions.entries()) {
    if (leaves(each).length > 0) raiser.same(each, result.dimensions[at + shift]!, node);
  }
}

function broadcast(operand: TensorView, variables: Variables): ProgramExpression {
  return access(operand, variables.slice(variables.length - operand.dimensions.length));
}

function permuted(view: TensorView, axes: readonly number[]): TensorView {
  const dimensions = axes.map((axis) => view.dimensions[axis]!);
  return { ...view, dimensions, places: () => axes.map((axis) => view.places()[axis]!) };
}

function reshape(raiser: Raiser, node: Node): RaisedValue {
  const value = valueOf(raiser, node, 0);
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
  const value = valueOf(raiser, node, 0);
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

interface Factors {
  readonly a: TensorView;
  readonly b: TensorView;
  readonly name: string;
}

function product(raiser: Raiser, node: Node, { a, b, name }: Factors): TensorView {
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
  const equation = String(node.attributes["equation"]).replaceAll(" ", "");
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

function axisOf(axis: unknown, rank: number): number {
  const at = Number(axis);
  return at < 0 ? at + rank : at;
}

function softmax(raiser: Raiser, node: Node): TensorView {
  const operand = tensorOf(raiser, node, 0);
  const axis = axisOf(node.attributes["axis"] ?? -1, operand.dimensions.length);
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
  const listed = node.attributes["axes"] as readonly number[] | null | undefined;
  const axes = new Set((listed ?? operand.dimensions.map((_, at) => at)).map((axis) => axisOf(axis, rank)));
  const keeps = node.attributes["keepDims"] === true;
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
    const count = operand.dimensions.reduce(
      (product, each, at) => (axes.has(at) ? leaves(each).reduce((n, { extent }) => n * extent, product) : product),
      1,
    );
    return mean ? scaled("scalar-div", count, sum) : sum;
  });
  return result;
}

function layerNorm(raiser: Raiser, node: Node): TensorView {
  const x = tensorOf(raiser, node, 0);
  if (Number(node.attributes["rank"] ?? 1) !== 1)
    throw raiser.refusal(node, "only the last dimension can be normalised");
  const last = x.dimensions.at(-1)!;
  const name = node.outputs[0]!;
  const count = leaves(last).reduce((product, { extent }) => product * extent, 1);
  const epsilon = Number(node.attributes["epsilon"] ?? 1e-5);
  const outer = x.dimensions.slice(0, -1);
  const mean = like(raiser, node, outer, `${name}_mean`);
  const over = (variables: Variables): readonly string[] => letters([last], variables.length)[0]!;
  const summed = (operand: ProgramExpression, names: readonly string[]): ProgramExpression =>
    scaled("scalar-div", count, { kind: "reduction", operation: "add", over: names, operand });
  raiser.emit(mean, (variables) => summed(access(x, [...variables, over(variables)]), over(variables)));
  const centred = like(raiser, node, x.dimensions, `${name}_centred`);
  raiser.emit(centred, (variables) => binary("sub", access(x, variables), access(mean, variables.slice(0, -1))));
  const variance = like(raiser, node, outer, `${name}_variance`);
  raiser.emit(variance, (variables) => {
    const c = access(centred, [...variables, over(variables)]);
    return summed(binary("mul", c, c), over(variables));
  });
  const result = like(raiser, node, x.dimensions);
  const optional = (at: number): TensorView | null => (node.inputs[at] ? tensorOf(raiser, node, at) : null);
  const [gain, shift] = [optional(1), optional(2)];
  for (const each of [gain, shift]) if (each !== null) align(raiser, node, each, result);
  raiser.emit(result, (variables) => {
    const spread = scaled("scalar-add", epsilon, access(variance, variables.slice(0, -1)));
    let value = binary("mul", access(centred, variables), unary("rsqrt", spread));
    if (gain !== null) value = binary("mul", value, broadcast(gain, variables));
    return shift === null ? value : binary("add", value, broadcast(shift, variables));
  });
  return result;
}

/** Scores where a mask is not zero, minus infinity elsewhere: a product with the mask's pattern. */
function masked(raiser: Raiser, node: Node): TensorView {
  const [condition, low] = [valueOf(raiser, node, 0), valueOf(raiser, node, 1)];
  const scores = tensorOf(raiser, node, 2);
  if (condition.kind !== "unmasked" || low.kind !== "constant" || low.value > -1e4) {
    throw raiser.refusal(node, "a choice is understood only as a mask: minus infinity where an input is 0");
  }
  const shape = raiser.shape(node.outputs[0]!, node);
  const lacking = shape.length - raiser.shape(condition.mask, node).length;
  const dimensions = shape.map((_, at) => (at < lacking ? null : at - lacking));
  const mask = raiser.operand(`${condition.mask}_pattern`, shape, { kind: "mask", from: condition.mask, dimensions });
  const result = like(raiser, node, scores.dimensions);
  for (const [at, each] of mask.dimensions.entries()) raiser.same(each, result.dimensions[at]!, node);
  raiser.emit(result, (variables) => binary("mul", access(mask, variables), access(scores, variables)));
  return result;
}

function gather(raiser: Raiser, node: Node): RaisedValue {
  const index = valueOf(raiser, node, 1);
  const from = node.inputs[0]!;
  const rank = raiser.shape(from, node).length;
  const axis = axisOf(node.attributes["axis"] ?? 0, rank);
  if (axis === 0 && index.kind === "constant" && raiser.graph.inputs.includes(from)) {
    return { kind: "index", from, row: index.value };
  }
  if (axis === 0 && index.kind === "index") return { kind: "gathered", of: tensorOf(raiser, node, 0), index };
  throw raiser.refusal(node, "rows are picked only by an edge list");
}

/** Rows added up by an edge list: a product with the matrix of the edges. */
function scatter(raiser: Raiser, node: Node): RaisedValue {
  const [start, index, updates] = [valueOf(raiser, node, 0), valueOf(raiser, node, 1), valueOf(raiser, node, 2)];
  const [name] = node.outputs as [string];
  const fromZero = start.kind === "constant" && start.value === 0;
  if (
    !fromZero ||
    index.kind !== "index" ||
    node.attributes["reduction"] !== "add" ||
    Number(node.attributes["axis"]) !== 0
  ) {
    throw raiser.refusal(node, "a scatter is understood only as a sum over an edge list, beginning with zeros");
  }
  const [nodes = 0] = raiser.shape(name, node);
  if (updates.kind === "gathered") {
    const sources = leaves(updates.of.dimensions[0]!).reduce((product, { extent }) => product * extent, 1);
    const edges = edgesOf(raiser, index, [nodes, sources]);
    return product(raiser, node, { a: edges, b: updates.of, name });
  }
  if (updates.kind !== "constant" && updates.kind !== "tensor") throw raiser.refusal(node, "what it adds is no tensor");
  if (updates.kind === "tensor")
    throw raiser.refusal(node, "sums of edge values other than rows of a tensor have no matrix");
  const edges = edgesOf(raiser, index, [nodes, nodes]);
  const result = like(raiser, node, [edges.dimensions[0]!]);
  raiser.emit(result, (variables) => {
    const [over] = letters([edges.dimensions[1]!], 1) as [readonly string[]];
    const sum: ProgramExpression = {
      kind: "reduction",
      operation: "add",
      over,
      operand: access(edges, [variables[0]!, over]),
    };
    return updates.value === 1 ? sum : scaled("scalar-mul", updates.value, sum);
  });
  return result;
}

function edgesOf(
  raiser: Raiser,
  index: Extract<RaisedValue, { readonly kind: "index" }>,
  shape: readonly [number, number],
): TensorView {
  const key = `${index.from} ${index.row} ${shape.join()}`;
  const known = raiser.values.get(key);
  if (known?.kind === "tensor") return known;
  const edges = raiser.operand(`${index.from}_edges`, shape, { kind: "edges", from: index.from, row: index.row });
  raiser.values.set(key, edges);
  return edges;
}
