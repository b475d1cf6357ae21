/**
 * Programs as JSON, version 1. Shapes, element types and extents stand as text, in the form that program text has for them;
 * everything else is a plain value.
 */
import { DiagnosticBag, type TokenStream } from "@millrace/ir-text";
import { StepError } from "../errors.ts";
import type { Extent } from "../extent/extent.ts";
import { closeFeedback } from "../ops/boundary/placeholder.ts";
import { operators } from "../ops/registry.ts";
import {
  type AttributeSpec,
  type Attributes,
  type AttributeValue,
  functionName,
  type OwnFunction,
} from "../program/attributes.ts";
import type { TensorType } from "../program/operator.ts";
import { Program, type Stream } from "../program/program.ts";
import { stepLexer } from "./lexer.ts";
import { parseElement, parseExtent, parseShape, type TypeContext } from "./parse-extent.ts";
import { declaredSymbols, printAttribute, printStream } from "./print.ts";

/** A node as plain values. */
export interface NodeJson {
  readonly id: string;
  readonly operator: string;
  /** Streams it reads, such as `%x` or `%parts:1`. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly number[]>>;
}

/** A program as plain values. */
export interface ProgramJson {
  readonly format: "millrace-step";
  readonly version: 1;
  readonly name: string;
  readonly symbols: readonly string[];
  readonly tensors: readonly (TensorType & { readonly name: string })[];
  readonly nodes: readonly NodeJson[];
  /** Extents that are always the same. */
  readonly assertions: readonly { readonly left: string; readonly right: string }[];
  /** Streams that close placeholders. */
  readonly feedback: readonly { readonly placeholder: string; readonly stream: string }[];
}

/** A program as plain values; `programFromJson` gives the same program again. */
export function programToJson(program: Program): ProgramJson {
  return {
    format: "millrace-step",
    version: 1,
    name: program.name,
    symbols: declaredSymbols(program),
    tensors: [...program.tensors].map(([name, type]) => ({ name, ...type })),
    nodes: program.nodes.map(({ id, operator, inputs, attributes }) => ({
      id,
      operator: operator.name,
      inputs: inputs.map(printStream),
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, plain(value, operator.attributes[name]!)]),
      ),
    })),
    assertions: [...program.assertions].map(([left, right]) => ({ left, right: right.text })),
    feedback: [...program.feedback].map(([placeholder, stream]) => ({ placeholder, stream: printStream(stream) })),
  };
}

function plain(value: AttributeValue, spec: AttributeSpec): NodeJson["attributes"][string] {
  if (spec.kind === "function") return functionName(value as string | OwnFunction);
  const textual = spec.kind === "shape" || spec.kind === "element";
  return textual ? printAttribute(value, spec) : (value as NodeJson["attributes"][string]);
}

/**
 * The program that plain values stand for.
 *
 * @throws {StepError} `program-json` with the path of the first value that is wrong, or what building the program throws.
 */
export function programFromJson(json: unknown): Program {
  const root = record(json, "$");
  if (root.format !== "millrace-step" || root.version !== 1) {
    throw fault("$", 'expected format "millrace-step" of version 1');
  }
  const program = new Program(text(root.name, "$.name"));
  for (const [place, name] of list(root.symbols, "$.symbols").entries())
    program.symbol(text(name, `$.symbols[${place}]`));
  for (const [place, tensor] of list(root.tensors, "$.tensors").entries()) {
    const { name, ...type } = record(tensor, `$.tensors[${place}]`);
    if (!["f16", "bf16", "f32", "u32", "u64", "bool"].includes(type.scalar as string)) {
      throw fault(`$.tensors[${place}].scalar`, "expected a type of numbers");
    }
    program.tensor(text(name, `$.tensors[${place}].name`), type as unknown as TensorType);
  }
  const assertions = list(root.assertions, "$.assertions").map((one, place) => record(one, `$.assertions[${place}]`));
  for (const [place, node] of list(root.nodes, "$.nodes").entries()) {
    addNode(program, node, `$.nodes[${place}]`);
    settle(program, assertions, false);
  }
  settle(program, assertions, true);
  for (const [place, one] of list(root.feedback, "$.feedback").entries()) {
    const path = `$.feedback[${place}]`;
    const { placeholder, stream } = record(one, path);
    const promised = streamAt(program, `%${text(placeholder, path)}`, path);
    closeFeedback(promised, streamAt(program, text(stream, path), path));
  }
  return program;
}

function addNode(program: Program, json: unknown, path: string): void {
  const node = record(json, path);
  const name = text(node.operator, `${path}.operator`);
  const operator = operators.get(name);
  if (operator === undefined) throw fault(`${path}.operator`, `there is no operator '${name}'`);
  const inputs = list(node.inputs, `${path}.inputs`).map((stream, place) =>
    streamAt(program, text(stream, `${path}.inputs[${place}]`), `${path}.inputs[${place}]`),
  );
  const attributes: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(record(node.attributes, `${path}.attributes`))) {
    const kind = Object.hasOwn(operator.attributes, key) ? operator.attributes[key]!.kind : undefined;
    const at = `${path}.attributes.${key}`;
    const parse: TextParser<AttributeValue> | undefined =
      kind === "shape" ? parseShape : kind === "element" ? parseElement : undefined;
    attributes[key] = parse === undefined ? (value as AttributeValue) : parsed(program, text(value, at), at, parse);
  }
  program.add(operator, { id: text(node.id, `${path}.id`), inputs, attributes: attributes as Attributes });
}

/** Applies the assertions whose symbols are all there, and takes them off the list; or, at the end, all of them. */
function settle(program: Program, assertions: Record<string, unknown>[], all: boolean): void {
  for (let place = 0; place < assertions.length; ) {
    const { left, right } = assertions[place]!;
    const names = `${left} ${right}`.match(/[A-Za-z_][A-Za-z0-9_.#]*(?!\()/g) ?? [];
    const ready = names.every((name) => program.symbols.has(name) || /^(?:ceil|floor|positive|sum|max)$/.test(name));
    if (!ready && !all) place += 1;
    else {
      const read = (side: unknown): Extent => parsed(program, text(side, "$.assertions"), "$.assertions", parseExtent);
      program.assertSame(read(left), read(right));
      assertions.splice(place, 1);
    }
  }
}

type TextParser<T> = (tokens: TokenStream, context: TypeContext) => T | undefined;

function parsed<T>(program: Program, written: string, path: string, parse: TextParser<T>): T {
  const bag = new DiagnosticBag();
  const tokens = stepLexer.tokens({ name: path, text: written }, bag);
  const value = parse(tokens, { bag, symbols: program.symbols });
  if (value !== undefined && !tokens.atEnd) tokens.unexpected("nothing more");
  if (value !== undefined && !bag.failed) return value;
  throw fault(path, bag.diagnostics[0]?.message ?? "cannot be read");
}

function streamAt(program: Program, name: string, path: string): Stream {
  const [, id = "", port] = /^%([^:]*)(?::([0-9]+))?$/.exec(name) ?? [];
  const node = program.node(id);
  const stream = node?.outputs[Number(port ?? 0)];
  if (stream === undefined) throw fault(path, `there is no stream '${name}' among the nodes before`);
  return stream;
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw fault(path, "expected an object");
}

function list(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw fault(path, "expected a list");
}

function text(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw fault(path, "expected a text");
}

function fault(path: string, message: string): StepError {
  return new StepError("program-json", `${path}: ${message}`);
}
