import { functionName, type OwnFunction } from "../program/attributes.ts";
import { nameOf, type Program, type Stream } from "../program/program.ts";
import { printElement } from "../stream/element-type.ts";
import { printShape } from "../stream/shape.ts";

/** Colours of the groups of operators. */
const colours: Readonly<Record<string, string>> = {
  "linear-load": "#cfe3f5",
  "linear-store": "#cfe3f5",
  "random-load": "#cfe3f5",
  "random-store": "#cfe3f5",
  bufferize: "#e4d7f2",
  streamify: "#e4d7f2",
  map: "#d8efd3",
  accum: "#d8efd3",
  scan: "#d8efd3",
  "flat-map": "#d8efd3",
  choose: "#fbe3c4",
  partition: "#fbe3c4",
  reassemble: "#fbe3c4",
  "eager-merge": "#fbe3c4",
  parallelize: "#fbe3c4",
};

/** The program as a Graphviz graph: nodes by group of operators, edges with the types of their streams. */
export function printGraphviz(program: Program): string {
  const lines = [
    `digraph ${quote(program.name)} {`,
    '  node [shape=box, style="rounded,filled", fillcolor="#f2f2f2"];',
  ];
  for (const { id, operator, attributes } of program.nodes) {
    const what = (attributes.fn ?? attributes.tensor) as string | OwnFunction | undefined;
    const label = `${id}\n${operator.name}${what === undefined ? "" : ` ${functionName(what)}`}`;
    const colour = colours[operator.name];
    lines.push(`  ${quote(id)} [label=${quote(label)}${colour === undefined ? "" : `, fillcolor="${colour}"`}];`);
  }
  for (const { id, inputs } of program.nodes) for (const stream of inputs) lines.push(edge(program, stream, id, ""));
  for (const [id, stream] of program.feedback)
    lines.push(edge(program, stream, id, ", style=dashed, constraint=false"));
  return `${[...lines, "}"].join("\n")}\n`;
}

function edge(program: Program, stream: Stream, to: string, style: string): string {
  const { shape, element } = program.typeOf(stream);
  const label = `${printShape(shape)}\n${printElement(element)}`;
  return `  ${quote(stream.node)} -> ${quote(to)} [label=${quote(label)}, tooltip=${quote(nameOf(stream))}${style}];`;
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
