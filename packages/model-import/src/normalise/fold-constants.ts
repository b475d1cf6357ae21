/** Computes what depends on constants and known shapes only, and writes it where attributes and shapes ask for it. */
import { ModelError } from "../errors.ts";
import type { KernelCall } from "../evaluate/kernel.ts";
import { type ModelTensor, scalarTensor } from "../evaluate/model-tensor.ts";
import { kernels } from "../evaluate/registry.ts";
import type { Attribute, ModelGraph, Node } from "../graph/model-graph.ts";

/** Larger constants are weights, not sizes. */
const largest = 1024;

/** Operands that are lists of sizes or axes, and the attribute that says the same. */
const listOperands: Readonly<Record<string, { readonly input: number; readonly attribute: string }>> = {
  reshape: { input: 1, attribute: "shape" },
  expand: { input: 1, attribute: "shape" },
  permute: { input: 1, attribute: "axes" },
  squeeze: { input: 1, attribute: "axes" },
  unsqueeze: { input: 1, attribute: "axes" },
  tile: { input: 1, attribute: "repeats" },
  sum: { input: 1, attribute: "axes" },
  mean: { input: 1, attribute: "axes" },
  max: { input: 1, attribute: "axes" },
  min: { input: 1, attribute: "axes" },
  full: { input: 0, attribute: "shape" },
};

/** The graph with known sizes as attributes. What computed them is left for the removal of dead code. */
export function foldConstants(graph: ModelGraph): ModelGraph {
  const known = new Map<string, ModelTensor>();
  const nodes = graph.nodes.map((node) => {
    const own = withKnown(node, known);
    const [output] = own.outputs;
    const result = output === undefined || own.outputs.length > 1 ? undefined : computed(own, graph, known);
    if (output !== undefined && result !== undefined) known.set(output, result);
    return own;
  });
  return { ...graph, nodes };
}

function withKnown(node: Node, known: ReadonlyMap<string, ModelTensor>): Node {
  let { inputs, attributes } = node;
  const entries = Object.entries(attributes).map(([key, item]): [string, Attribute] => [key, numbersFor(item, known)]);
  if (entries.some(([key, item]) => item !== attributes[key])) attributes = Object.fromEntries(entries);
  const operand = listOperands[node.op];
  const name = operand === undefined ? undefined : inputs[operand.input];
  const list = typeof name === "string" ? known.get(name) : undefined;
  if (operand !== undefined && list !== undefined) {
    inputs = inputs.filter((_, index) => index !== operand.input);
    attributes = { ...attributes, [operand.attribute]: [...list.values] };
  }
  return inputs === node.inputs && attributes === node.attributes ? node : { ...node, inputs, attributes };
}

function numbersFor(attribute: Attribute, known: ReadonlyMap<string, ModelTensor>): Attribute {
  if (Array.isArray(attribute)) {
    const items = attribute.map((item: Attribute) => numbersFor(item, known));
    return items.some((item, index) => item !== attribute[index]) ? items : attribute;
  }
  if (typeof attribute !== "object" || attribute === null || !("value" in attribute)) return attribute;
  return known.get(attribute.value)?.values[0] ?? attribute;
}

function computed(node: Node, graph: ModelGraph, known: ReadonlyMap<string, ModelTensor>): ModelTensor | undefined {
  if (node.op === "shape-of" || node.op === "size-of") return shapeResult(node, graph);
  const kernel = kernels.get(node.op);
  const inputs = node.inputs.map((name) => (name === null ? null : known.get(name)));
  if (kernel === undefined || inputs.includes(undefined) || !isPlain(node.attributes)) return undefined;
  if (node.op === "full" && !isSmall(node.attributes.shape)) return undefined;
  if (node.inputs.length === 0 && !["full", "size-value", "range"].includes(node.op)) return undefined;
  try {
    const result = kernel({ node, inputs: inputs as KernelCall["inputs"], attributes: node.attributes });
    const [first] = Array.isArray(result) ? (result as readonly ModelTensor[]) : [result as ModelTensor];
    return first !== undefined && first.values.length <= largest ? first : undefined;
  } catch (error) {
    // A model that is wrong says so when it is evaluated, with its inputs.
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}

function isSmall(shape: Attribute | undefined): boolean {
  return (
    Array.isArray(shape) &&
    shape.every((extent) => typeof extent === "number") &&
    (shape as number[]).reduce((a, b) => a * b, 1) <= largest
  );
}

function isPlain(attribute: Attribute | Readonly<Record<string, Attribute>> | undefined): boolean {
  if (Array.isArray(attribute)) return attribute.every((item: Attribute) => isPlain(item));
  if (typeof attribute !== "object" || attribute === null) return true;
  if ("symbol" in attribute || "operator" in attribute) return false;
  // The attribute `value` of a constant is a number; that of a reference is the name of a value.
  if ("value" in attribute && typeof attribute.value !== "number") return false;
  return Object.values(attribute).every((item) => isPlain(item as Attribute));
}

function shapeResult(node: Node, graph: ModelGraph): ModelTensor | undefined {
  const shape = graph.values.get(node.inputs[0] ?? "")?.shape;
  if (shape === undefined) return undefined;
  const { axis } = node.attributes;
  const wanted =
    node.op === "size-of" && typeof axis === "number" ? [shape[axis < 0 ? axis + shape.length : axis]] : shape;
  if (!wanted.every((size) => typeof size === "number")) return undefined;
  if (node.op === "size-of") return scalarTensor("i64", Number(wanted[0]));
  return { dtype: "i64", shape: [wanted.length], values: Float64Array.from(wanted as number[]) };
}
