/** Shapes and types that the file leaves out, from those it gives; sizes stay symbolic. */
import { type Dtype, isFloat } from "../graph/dtype.ts";
import { unknownValue } from "../graph/graph-builder.ts";
import type { ModelGraph, Node, Value } from "../graph/model-graph.ts";
import { floatResults, keptDtypes, logicalResults, shapeRules } from "./shape-rules.ts";

/** The graph with every shape and type that follows from others. What the file says is kept. */
export function inferShapes(graph: ModelGraph): ModelGraph {
  const values = new Map(graph.values);
  for (const node of graph.nodes) inferNode(node, values);
  return { ...graph, values };
}

function inferNode(node: Node, values: Map<string, Value>): void {
  const inputs = node.inputs.map((name) => (name === null ? undefined : values.get(name)));
  const shapes = shapeRules[node.op]?.({ node, inputs, shapes: inputs.map((value) => value?.shape) });
  for (const [index, output] of node.outputs.entries()) {
    if (output === "") continue;
    const held = values.get(output) ?? unknownValue;
    const shape = held.shape ?? shapes?.[index];
    const dtype = held.dtype ?? (index === 0 ? dtypeOf(node, inputs) : undefined);
    if (shape !== held.shape || dtype !== held.dtype) values.set(output, { ...held, shape, dtype });
  }
}

function dtypeOf(node: Node, inputs: readonly (Value | undefined)[]): Dtype | undefined {
  if (typeof node.attributes.dtype === "string") return node.attributes.dtype as Dtype;
  if (logicalResults.has(node.op)) return "bool";
  if (node.op === "shape-of" || node.op === "size-of" || node.op.startsWith("arg")) return "i64";
  const [first, second, third] = inputs.map((value) => value?.dtype);
  if (node.op === "where") return inputs[1]?.shape?.length === 0 ? third : second;
  if (floatResults.has(node.op)) return first === undefined || isFloat(first) ? first : "f32";
  if (!keptDtypes.has(node.op)) return undefined;
  // A scalar gives way to a tensor of the same kind.
  if (second !== undefined && first !== undefined && inputs[0]?.shape?.length === 0 && inputs[1]?.shape?.length !== 0)
    return isFloat(first) && !isFloat(second) ? first : second;
  return first;
}
