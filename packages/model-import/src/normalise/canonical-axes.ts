import type { Attribute, ModelGraph, Node } from "../graph/model-graph.ts";

/** Operators whose axes count positions of the result instead of the operand. */
const byResult = new Set(["unsqueeze", "stack"]);

/** The graph with axes counted from the front, and exchanges of axes as permutations, wherever the rank is known. */
export function canonicalAxes(graph: ModelGraph): ModelGraph {
  return { ...graph, nodes: graph.nodes.map((node) => canonical(node, graph)) };
}

function canonical(node: Node, graph: ModelGraph): Node {
  const rank = rankFor(node, graph);
  if (rank === undefined) return node;
  if (node.op === "swap-axes") return permutation(node, rank);
  const attributes: Record<string, Attribute> = { ...node.attributes };
  let changed = false;
  for (const key of ["axis", "axes"]) {
    const given = attributes[key];
    if (typeof given === "number" && given < 0) attributes[key] = given + rank;
    else if (Array.isArray(given) && given.some((axis) => typeof axis === "number" && axis < 0)) {
      attributes[key] = given.map((axis: Attribute) => (typeof axis === "number" && axis < 0 ? axis + rank : axis));
    } else continue;
    changed = true;
  }
  if (node.op === "permute" && Array.isArray(attributes.axes) && attributes.axes.length === 0) {
    attributes.axes = Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
    changed = true;
  }
  return changed ? { ...node, attributes } : node;
}

function rankFor(node: Node, graph: ModelGraph): number | undefined {
  const name = byResult.has(node.op) ? node.outputs[0] : node.inputs[0];
  return typeof name === "string" ? graph.values.get(name)?.shape?.length : undefined;
}

function permutation(node: Node, rank: number): Node {
  const [first, second] = node.attributes.axes as readonly [number, number];
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  if (rank > 1) {
    const [a, b] = [first < 0 ? first + rank : first, second < 0 ? second + rank : second];
    [axes[a], axes[b]] = [b, a];
  }
  return { ...node, op: "permute", attributes: { axes } };
}
