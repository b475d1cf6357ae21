/**
 * Programs in the generic form of MLIR, for tools that read any dialect in it.
 *
 * Streams have the opaque type `!step.stream<"SHAPE", "ELEMENT">`. A placeholder is written as an operation that uses the
 * stream that closes it: the region is a graph region, where uses may precede definitions.
 */
import { quoteString } from "@millrace/ir-text";
import { type AttributeValue, functionName, type OwnFunction } from "../program/attributes.ts";
import type { Program, ProgramNode, Stream } from "../program/program.ts";
import { printElement } from "../stream/element-type.ts";
import { printShape } from "../stream/shape.ts";
import { printAttribute } from "./print.ts";

/** The program as one `step.program` operation; nodes are `step.OPERATOR` operations in its region. */
export function printMlir(program: Program): string {
  const numbers = new Map(program.nodes.map((node, place) => [node.id, place]));
  const value = (stream: Stream): string => {
    const count = program.node(stream.node)!.outputs.length;
    return `%${numbers.get(stream.node)}${count > 1 ? `#${stream.port}` : ""}`;
  };
  const lines = program.nodes.map((node) => `  ${printOperation(program, node, value)}`);
  const tensors = [...program.tensors].map(
    ([name, { scalar, rows, columns }]) => `${quoteString(name)} = tensor<${rows}x${columns}x${builtin(scalar)}>`,
  );
  const attributes = [`sym_name = ${quoteString(program.name)}`, `tensors = {${tensors.join(", ")}}`];
  return [`"step.program"() ({`, ...lines, `}) {${attributes.join(", ")}} : () -> ()`, ""].join("\n");
}

function printOperation(program: Program, node: ProgramNode, value: (stream: Stream) => string): string {
  const fed = program.feedback.get(node.id);
  const inputs = fed === undefined ? node.inputs : [fed];
  const types = (streams: readonly Stream[]): string => streams.map((stream) => streamType(program, stream)).join(", ");
  const results = node.outputs.length === 0 ? "" : value(node.outputs[0]!).split("#")[0];
  const count = node.outputs.length > 1 ? `:${node.outputs.length}` : "";
  const attributes = [`id = ${quoteString(node.id)}`];
  for (const [name, given] of Object.entries(node.attributes))
    attributes.push(`${name} = ${printValue(node, name, given)}`);
  const left = results === "" ? "" : `${results}${count} = `;
  const operands = inputs.map(value).join(", ");
  const name = `"step.${node.operator.name.replaceAll("-", "_")}"`;
  return `${left}${name}(${operands}) {${attributes.join(", ")}} : (${types(inputs)}) -> (${types(node.outputs)})`;
}

function streamType(program: Program, stream: Stream): string {
  const { shape, element } = program.typeOf(stream);
  return `!step.stream<${quoteString(printShape(shape))}, ${quoteString(printElement(element))}>`;
}

function printValue(node: ProgramNode, name: string, value: AttributeValue): string {
  const spec = node.operator.attributes[name]!;
  switch (spec.kind) {
    case "integer":
      return `${value as number} : i64`;
    case "number": {
      const text = String(value);
      return `${/^-?[0-9]+$/.test(text) ? `${text}.0` : text.replace(/^(-?[0-9]+)e/, "$1.0e")} : f64`;
    }
    case "boolean":
      return String(value);
    case "integers":
      return `[${(value as readonly number[]).map((one) => `${one} : i64`).join(", ")}]`;
    case "word":
      return quoteString(value as string);
    case "function":
      return quoteString(functionName(value as string | OwnFunction));
    default:
      return quoteString(printAttribute(value, spec));
  }
}

/** Names of number types that MLIR knows. */
function builtin(scalar: string): string {
  const names: Readonly<Record<string, string>> = { u32: "ui32", u64: "ui64", bool: "i1" };
  return names[scalar] ?? scalar;
}
