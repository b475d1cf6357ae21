/** Masks and edge lists: what turns dense-looking operations of a model into sparse ones. */
import type { ProgramExpression } from "../program/program.ts";
import { extentOf } from "./atoms.ts";
import type { Node } from "./model-types.ts";
import { axisOf, binary, like, operandValue, product, scaled, tensorOf } from "./pieces.ts";
import { access, letters, type RaisedValue, type Raiser, type TensorView } from "./raiser.ts";

/** Scores where a mask is not zero, minus infinity elsewhere: a product with the mask's pattern. */
export function masked(raiser: Raiser, node: Node): TensorView {
  const [condition, low] = [operandValue(raiser, node, 0), operandValue(raiser, node, 1)];
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

/** Rows picked by an edge list. */
export function gather(raiser: Raiser, node: Node): RaisedValue {
  const index = operandValue(raiser, node, 1);
  const from = node.inputs[0]!;
  const rank = raiser.shape(from, node).length;
  const axis = axisOf(node.attributes.axis ?? 0, rank);
  if (axis === 0 && index.kind === "constant" && raiser.graph.inputs.includes(from)) {
    return { kind: "index", from, row: index.value };
  }
  if (axis === 0 && index.kind === "index") return { kind: "gathered", of: tensorOf(raiser, node, 0), index };
  throw raiser.refusal(node, "rows are picked only by an edge list");
}

/** Rows added up by an edge list: a product with the matrix of the edges. */
export function scatter(raiser: Raiser, node: Node): RaisedValue {
  const [start, index, updates] = [
    operandValue(raiser, node, 0),
    operandValue(raiser, node, 1),
    operandValue(raiser, node, 2),
  ];
  const [name] = node.outputs as [string];
  const fromZero = start.kind === "constant" && start.value === 0;
  if (
    !fromZero ||
    index.kind !== "index" ||
    node.attributes.reduction !== "add" ||
    Number(node.attributes.axis) !== 0
  ) {
    throw raiser.refusal(node, "a scatter is understood only as a sum over an edge list, beginning with zeros");
  }
  const [nodes = 0] = raiser.shape(name, node);
  if (updates.kind === "gathered") {
    const sources = extentOf(updates.of.dimensions[0]!);
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
