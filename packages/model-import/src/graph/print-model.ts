/** A graph as text. */
import type { Attribute, ModelGraph, Node, Value } from "./model-graph.ts";
import { printSize, type Size } from "./size.ts";

/** A type such as `f32[34, s0]`; `?` for what is not known. */
export function printType(value: Value | undefined): string {
  if (value?.type !== undefined) return value.type;
  const shape =
    value?.shape === undefined ? "[?]" : value.shape.length === 0 ? "" : `[${value.shape.map(printSize).join(", ")}]`;
  return `${value?.dtype ?? "?"}${shape}${value?.layout === "coo" ? " coo" : ""}`;
}

function printAttribute(attribute: Attribute): string {
  if (Array.isArray(attribute)) return `[${attribute.map((item: Attribute) => printAttribute(item)).join(", ")}]`;
  if (typeof attribute === "string") return attribute;
  if (typeof attribute !== "object" || attribute === null) return String(attribute);
  return "value" in attribute ? `%${attribute.value}` : printSize(attribute as Size);
}

/** The graph, one line for each input, parameter, node, output and tag; bodies are indented. */
export function printModel(graph: ModelGraph): string {
  const { name, source, params, symbols, tags } = graph;
  const from = [source.format, source.version, source.producer].filter((word) => word !== "").join(", ");
  const lines = [`model ${name} (${from})`];
  for (const { name: symbol, minimum, maximum, equalTo } of symbols.values()) {
    lines.push(
      `size ${symbol}: ${minimum ?? "?"} to ${maximum ?? "?"}${equalTo.length === 0 ? "" : `, ${equalTo.join(", ")}`}`,
    );
  }
  const typed = (value: string) => `%${value}: ${printType(graph.values.get(value))}`;
  for (const [index, input] of graph.inputs.entries()) lines.push(`input ${graph.inputNames[index]} = ${typed(input)}`);
  for (const [value, param] of params)
    lines.push(`param ${param.name} = ${typed(value)}${param.weight === undefined ? ", without its weight" : ""}`);
  for (const node of graph.nodes) printNode(node, graph, "", lines);
  for (const [index, output] of graph.outputs.entries())
    lines.push(`output ${graph.outputNames[index]} = ${typed(output)}`);
  for (const { pattern, nodes, roles, attributes } of tags) {
    const said = Object.entries({ ...roles, ...attributes }).map(
      ([key, item]) => `${key} ${typeof item === "string" ? item : printAttribute(item)}`,
    );
    lines.push(`tag ${pattern} (${nodes.length} ${nodes.length === 1 ? "node" : "nodes"}): ${said.join(", ")}`);
  }
  return `${lines.join("\n")}\n`;
}

function printNode(node: Node, graph: ModelGraph, indent: string, lines: string[]): void {
  const outputs = node.outputs
    .filter((output) => output !== "")
    .map((output) => `%${output}: ${printType(graph.values.get(output))}`);
  const inputs = node.inputs.map((input) => (input === null ? "_" : `%${input}`)).join(", ");
  const attributes = Object.entries(node.attributes).map(([key, item]) => `${key} = ${printAttribute(item)}`);
  lines.push(
    `${indent}${outputs.join(", ")} = ${node.op}(${inputs})${attributes.length === 0 ? "" : ` {${attributes.join(", ")}}`}`,
  );
  for (const region of node.regions) {
    lines.push(`${indent}  body (${region.inputs.map((input) => `%${input}`).join(", ")})`);
    for (const inner of region.nodes) printNode(inner, graph, `${indent}    `, lines);
    lines.push(`${indent}  gives ${region.outputs.map((output) => `%${output}`).join(", ")}`);
  }
}
