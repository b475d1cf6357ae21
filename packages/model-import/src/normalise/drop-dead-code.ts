import type { ModelGraph, Node } from "../graph/model-graph.ts";
import { usesOf } from "../graph/order-nodes.ts";

/**
 * The graph without nodes and parameters that no output depends on, and without what is known of values that are gone.
 * Inputs stay, used or not: callers give them.
 */
export function dropDeadCode(graph: ModelGraph): ModelGraph {
  const live = new Set(graph.outputs);
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    // Writing into memory is an effect that no result shows.
    if (!node.outputs.some((output) => live.has(output)) && !hasEffect(node)) continue;
    for (const use of usesOf(node)) live.add(use);
    nodes.push(node);
  }
  nodes.reverse();
  const known = new Set([...graph.inputs, ...live]);
  for (const node of nodes) collectDefined(node, known);
  return {
    ...graph,
    nodes,
    params: new Map([...graph.params].filter(([name]) => live.has(name))),
    values: new Map([...graph.values].filter(([name]) => known.has(name))),
  };
}

function hasEffect(node: Node): boolean {
  return node.op === "memref.store" || node.regions.some((region) => region.nodes.some(hasEffect));
}

function collectDefined(node: Node, into: Set<string>): void {
  for (const output of node.outputs) into.add(output);
  for (const region of node.regions) {
    for (const input of region.inputs) into.add(input);
    for (const inner of region.nodes) collectDefined(inner, into);
  }
}
