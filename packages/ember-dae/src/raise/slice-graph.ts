/** The part of a model that certain values depend on, cut off at values that are already known. */
import type { Attribute, ModelGraph, Node } from "@millrace/model-import";

/** A graph that computes `outputs` from the inputs of the model and from `known` values, which become inputs. */
export function sliceGraph(graph: ModelGraph, outputs: readonly string[], known: readonly string[]): ModelGraph {
  const given = new Set(known);
  const live = new Set(outputs);
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => live.has(output) && !given.has(output))) continue;
    for (const use of usesOf(node)) live.add(use);
    nodes.push(node);
  }
  return {
    ...graph,
    nodes: nodes.reverse(),
    outputs,
    outputNames: outputs,
    inputs: [...graph.inputs, ...known],
    inputNames: [...graph.inputNames, ...known],
    tags: [],
  };
}

function usesOf(node: Node): string[] {
  const own = node.inputs.filter((input) => input !== null);
  const sizes = Object.values(node.attributes).flatMap(valuesIn);
  return [...own, ...sizes, ...node.regions.flatMap(({ nodes, outputs }) => [...nodes.flatMap(usesOf), ...outputs])];
}

function valuesIn(attribute: Attribute): string[] {
  if (Array.isArray(attribute)) return attribute.flatMap(valuesIn);
  if (typeof attribute !== "object" || attribute === null) return [];
  return "value" in attribute && typeof attribute.value === "string" ? [attribute.value] : [];
}
