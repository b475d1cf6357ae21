import type { ModelGraph, Node, Value } from "../graph/model-graph.ts";
import { sameSize } from "../graph/size.ts";
import { withRenamed } from "./rewrite.ts";

/** The graph without nodes that give their operand back: identities, casts and reshapes to what it is already. */
export function dropNoOps(graph: ModelGraph): ModelGraph {
  const names = new Map<string, string>();
  const nodes = graph.nodes.filter((node) => {
    const [input] = node.inputs;
    const [output] = node.outputs;
    if (input === undefined || input === null || output === undefined || !isNoOp(node, graph.values.get(input)))
      return true;
    // Two outputs of the model may not become one value, and an input stays apart from an output.
    if (
      graph.outputs.includes(output) &&
      (graph.outputs.includes(input) || graph.inputs.includes(input) || graph.params.has(input))
    )
      return true;
    names.set(output, input);
    return false;
  });
  return names.size === 0 ? graph : withRenamed(graph, nodes, names);
}

function isNoOp(node: Node, input: Value | undefined): boolean {
  if (node.op === "identity") return node.outputs.length === 1;
  if (node.op === "cast") return input?.dtype !== undefined && input.dtype === node.attributes.dtype;
  if (node.op !== "reshape" && node.op !== "expand") return false;
  const shape = node.attributes.shape;
  const known = input?.shape;
  if (!Array.isArray(shape) || known === undefined || shape.length !== known.length || node.inputs.length > 1)
    return false;
  return known.every((size, axis) => {
    const wanted: unknown = shape[axis];
    return typeof wanted === "number"
      ? wanted === size || (wanted === -1 && node.op === "expand")
      : isSize(wanted) && sameSize(size, wanted);
  });
}

function isSize(item: unknown): item is Exclude<Parameters<typeof sameSize>[0], number> {
  return typeof item === "object" && item !== null && ("symbol" in item || "operator" in item);
}
