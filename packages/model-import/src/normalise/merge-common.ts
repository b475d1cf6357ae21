import type { ModelGraph, Node } from "../graph/model-graph.ts";
import { renamed, withRenamed } from "./rewrite.ts";

/** The graph with equal nodes (same operator, operands and attributes) computed once. Nodes with bodies stay. */
export function mergeCommon(graph: ModelGraph): ModelGraph {
  const seen = new Map<string, Node>();
  const names = new Map<string, string>();
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const own = renamed(node, names);
    const first = keyed(own, seen);
    if (first === undefined || node.outputs.some((output) => graph.outputs.includes(output))) {
      nodes.push(own);
      continue;
    }
    for (const [index, output] of node.outputs.entries()) {
      const other = first.outputs[index];
      if (output !== "" && other !== undefined) names.set(output, other);
    }
  }
  return names.size === 0 ? graph : withRenamed(graph, nodes, names);
}

// The earlier node that is the same, or `undefined` after this one is kept as the first of its kind.
function keyed(node: Node, seen: Map<string, Node>): Node | undefined {
  if (node.regions.length > 0 || node.op.includes(".") || node.op.startsWith("sequence")) return undefined;
  const key = JSON.stringify(
    [node.op, node.inputs, node.attributes, node.outputs.map((output) => output === "")],
    (_, item) => (typeof item === "number" && !Number.isFinite(item) ? String(item) : item),
  );
  const first = seen.get(key);
  if (first === undefined) seen.set(key, node);
  return first;
}
