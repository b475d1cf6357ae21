/** One ONNX node while it is brought to neutral operators. */
import { type Message, messageOf, messagesOf, numberOf, numbersOf, stringOf } from "../../archive/protobuf.ts";
import { ModelError } from "../../errors.ts";
import type { GraphBuilder } from "../../graph/graph-builder.ts";
import type { Attribute, Node, Region } from "../../graph/model-graph.ts";
import type { Place } from "../../graph/place.ts";

/** What a node is read with. */
export interface OnnxScope {
  readonly builder: GraphBuilder;
  /** Version of the main operator set. */
  readonly opset: number;
  /** Numbers of a small constant, or `undefined` for a value that the model computes. */
  readonly constant: (value: string) => readonly number[] | undefined;
  /** Adds a node to the graph or to the body that is being read. */
  readonly add: (parts: Parameters<GraphBuilder["node"]>[0]) => Node;
  /** Reads a body. */
  readonly region: (graph: Message, name: string, path: string) => Region;
  /** Makes a constant of a TensorProto; gives the name of its value. */
  readonly tensor: (tensor: Message, name: string, path: string) => string;
}

/** Typed access to the inputs and attributes of a node. */
export class OnnxCall {
  readonly op: string;
  readonly inputs: readonly (string | null)[];
  readonly outputs: readonly string[];
  readonly place: Place;
  readonly scope: OnnxScope;
  readonly #attributes: ReadonlyMap<string, Message>;

  constructor(
    scope: OnnxScope,
    parts: { op: string; inputs: readonly (string | null)[]; outputs: readonly string[]; place: Place; node: Message },
  ) {
    this.scope = scope;
    this.op = parts.op;
    this.inputs = parts.inputs;
    this.outputs = parts.outputs;
    this.place = parts.place;
    this.#attributes = new Map(
      messagesOf(parts.node, "attribute").map((attribute) => [stringOf(attribute, "name"), attribute]),
    );
  }

  /** An input that must be there. */
  input(index: number): string {
    const name = this.inputs[index];
    if (name !== undefined && name !== null) return name;
    throw new ModelError("operator-arguments", `${this.op} lacks input ${index}`, {
      place: this.place,
      help: "check the model with onnx.checker",
    });
  }

  optional(index: number): string | null {
    return this.inputs[index] ?? null;
  }

  has(name: string): boolean {
    return this.#attributes.has(name);
  }

  integer(name: string, absent: number): number {
    const attribute = this.#attributes.get(name);
    return attribute === undefined ? absent : numberOf(attribute, "i");
  }

  float(name: string, absent: number): number {
    const attribute = this.#attributes.get(name);
    return attribute === undefined ? absent : numberOf(attribute, "f");
  }

  text(name: string, absent: string): string {
    const attribute = this.#attributes.get(name);
    return attribute === undefined ? absent : stringOf(attribute, "s");
  }

  integers(name: string): readonly number[] | undefined {
    const attribute = this.#attributes.get(name);
    return attribute === undefined ? undefined : numbersOf(attribute, "ints");
  }

  graph(name: string): Message | undefined {
    const attribute = this.#attributes.get(name);
    return attribute === undefined ? undefined : messageOf(attribute, "g");
  }

  attribute(name: string): Message | undefined {
    return this.#attributes.get(name);
  }

  /** Numbers that older versions give as an attribute and newer ones as an input; `undefined` where the model computes them. */
  numbers(attribute: string, index: number): readonly number[] | undefined {
    const given = this.integers(attribute);
    if (given !== undefined) return given;
    const input = this.optional(index);
    return input === null ? undefined : this.scope.constant(input);
  }

  /** All attributes as they stand, for operators that are imported whole. */
  plainAttributes(): Record<string, Attribute> {
    const result: Record<string, Attribute> = {};
    for (const [name, attribute] of this.#attributes) {
      const [field] = ["f", "i", "s", "floats", "ints", "strings"].filter((key) => attribute[key] !== undefined);
      if (field !== undefined) result[name] = attribute[field] as Attribute;
    }
    return result;
  }

  /** The node that gives the outputs. */
  result(op: string, inputs: readonly (string | null)[], attributes: Record<string, Attribute> = {}): void {
    this.scope.add({ op, inputs, attributes, outputs: this.outputs, place: this.place });
  }

  /** A node on the way; gives the name of its result. */
  emit(op: string, inputs: readonly (string | null)[], attributes: Record<string, Attribute> = {}): string {
    const output = this.scope.builder.fresh(`${this.outputs[0] ?? op}.${op}`);
    this.scope.add({ op, inputs, attributes, outputs: [output], place: this.place });
    return output;
  }

  /** A scalar constant of the type of floating-point weights. */
  scalar(value: number): string {
    return this.emit("full", [], { shape: [], value, dtype: "f32" });
  }
}
