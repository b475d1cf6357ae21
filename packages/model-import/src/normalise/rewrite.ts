/** What passes share: replacing values, and graphs with other nodes. */
import type { Attribute, ModelGraph, Node, Region } from "../graph/model-graph.ts";

/** A node whose inputs, attributes and regions speak of other values. */
export function renamed(node: Node, names: ReadonlyMap<string, string>): Node {
  if (names.size === 0) return node;
  const name = (value: string) => names.get(value) ?? value;
  return {
    ...node,
    inputs: node.inputs.map((value) => (value === null ? null : name(value))),
    attributes: Object.fromEntries(
      Object.entries(node.attributes).map(([key, item]) => [key, renamedAttribute(item, name)]),
    ),
    regions: node.regions.map(
      (region): Region => ({
        ...region,
        outputs: region.outputs.map(name),
        nodes: region.nodes.map((inner) => renamed(inner, names)),
      }),
    ),
  };
}

function renamedAttribute(attribute: Attribute, name: (value: string) => string): Attribute {
  if (Array.isArray(attribute)) return attribute.map((item: Attribute) => renamedAttribute(item, name));
  if (typeof attribute === "object" && attribute !== null && "value" in attribute)
    return { value: name(attribute.value) };
  return attribute;
}

/** A graph with some values replaced by others wherever they are used. */
export function withRenamed(graph: ModelGraph, nodes: readonly Node[], names: ReadonlyMap<string, string>): ModelGraph {
  // A replacement may itself be replaced.
  const final = new Map([...names.keys()].map((key) => [key, resolve(key, names)]));
  return {
    ...graph,
    nodes: nodes.map((node) => renamed(node, final)),
    outputs: graph.outputs.map((output) => final.get(output) ?? output),
  };
}

function resolve(name: string, names: ReadonlyMap<string, string>): string {
  let held = name;
  for (let next = names.get(held); next !== undefined; next = names.get(held)) held = next;
  return held;
}
