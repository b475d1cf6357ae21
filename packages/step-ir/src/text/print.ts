import { IndentedPrinter, quoteString } from "@millrace/ir-text";
import { type AttributeSpec, type AttributeValue, functionName, type OwnFunction } from "../program/attributes.ts";
import { nameOf, type Program, type ProgramNode, type Stream } from "../program/program.ts";
import { type ElementType, printElement } from "../stream/element-type.ts";
import { printShape, type Shape } from "../stream/shape.ts";

/** How a program is printed. */
export interface PrintOptions {
  /** Whether the inferred types of the outputs follow each node as a comment. */
  readonly types?: boolean;
}

/** The text of a program; `parseProgram` reads it back as the same program. */
export function printProgram(program: Program, options: PrintOptions = {}): string {
  const printer = new IndentedPrinter();
  printer.line(`program ${program.name}`);
  const made = new Set(declaredSymbols(program));
  if (made.size > 0) printer.line(`symbol ${[...made].join(", ")}`);
  for (const [name, { scalar, rows, columns }] of program.tensors) {
    printer.line(`tensor ${name} ${scalar}[${rows}, ${columns}]`);
  }
  const waiting = new Map(program.assertions);
  const known = new Set(made);
  for (const node of program.nodes) {
    printer.line(printNode(node) + (options.types ? typeComment(program, node) : ""));
    for (const name of madeBy(program, node)) known.add(name);
    for (const [text, extent] of waiting) {
      if (!namesIn(`${text} ${extent.text}`, program).every((name) => known.has(name))) continue;
      printer.line(`assert ${text} = ${extent.text}`);
      waiting.delete(text);
    }
  }
  for (const [text, extent] of waiting) printer.line(`assert ${text} = ${extent.text}`);
  for (const [id, stream] of program.feedback) printer.line(`close %${id} = ${printStream(stream)}`);
  return printer.toString();
}

/** A stream as text refers to it. */
export function printStream(stream: Stream): string {
  return `%${nameOf(stream)}`;
}

function printNode({ id, operator, inputs, attributes }: ProgramNode): string {
  const streams = inputs.map(printStream).join(", ");
  const settings = Object.entries(operator.attributes).flatMap(([name, spec]) => {
    const value = attributes[name];
    return value === undefined ? [] : `${name} = ${printAttribute(value, spec)}`;
  });
  const parts = [operator.name, streams, settings.length === 0 ? "" : `{${settings.join(", ")}}`];
  return `%${id} = ${parts.filter((part) => part !== "").join(" ")}`;
}

/** A value of an attribute as text. */
export function printAttribute(value: AttributeValue, { kind }: AttributeSpec): string {
  switch (kind) {
    case "shape":
      return printShape(value as Shape);
    case "element":
      return printElement(value as ElementType);
    case "integers":
      return `[${(value as readonly number[]).join(", ")}]`;
    case "word":
    case "function": {
      const word = functionName(value as string | OwnFunction);
      return /^[A-Za-z_][A-Za-z0-9_.#]*(?:-[A-Za-z][A-Za-z0-9_]*)*$/.test(word) ? word : quoteString(word);
    }
    default:
      return String(value);
  }
}

function typeComment(program: Program, node: ProgramNode): string {
  const types = node.outputs.map((stream) => {
    const { shape, element } = program.typeOf(stream);
    return `${printShape(shape)} of ${printElement(element)}`;
  });
  return types.length === 0 ? "" : `  // ${types.join("; ")}`;
}

/** Symbols that no node makes: they must be declared. */
export function declaredSymbols(program: Program): string[] {
  const made = new Set(program.nodes.flatMap((node) => madeBy(program, node)));
  return [...program.symbols].filter((name) => !made.has(name));
}

function madeBy(program: Program, node: ProgramNode): readonly string[] {
  return program.symbolsOf(node.id);
}

function namesIn(text: string, program: Program): string[] {
  return (text.match(/[A-Za-z_][A-Za-z0-9_.#]*/g) ?? []).filter((name) => program.symbols.has(name));
}
