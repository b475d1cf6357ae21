/** One node of a GraphDef while it is brought to neutral operators. */
import { type Message, messageOf, numberOf, stringOf } from "../../archive/protobuf.ts";
import { ModelError } from "../../errors.ts";
import type { Dtype } from "../../graph/dtype.ts";
import type { GraphBuilder } from "../../graph/graph-builder.ts";
import type { Attribute } from "../../graph/model-graph.ts";
import type { Place } from "../../graph/place.ts";
import { tfDtype } from "./tf-tensor.ts";

/** A node with its attributes by name. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  /** Values it reads; control edges are left out. */
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Message>;
  readonly place: Place;
}

/** Typed access to a node, and the nodes it becomes. */
export class TfCall {
  readonly node: TfNode;
  readonly builder: GraphBuilder;
  readonly constant: (value: string) => readonly number[] | undefined;

  constructor(node: TfNode, builder: GraphBuilder, constant: (value: string) => readonly number[] | undefined) {
    this.node = node;
    this.builder = builder;
    this.constant = constant;
  }

  get inputs(): readonly string[] {
    return this.node.inputs;
  }

  input(index: number): string {
    const name = this.node.inputs[index];
    if (name !== undefined) return name;
    throw new ModelError("operator-arguments", `${this.node.op} lacks input ${index}`, {
      place: this.node.place,
      help: "the GraphDef may be cut off",
    });
  }

  integer(name: string, absent = 0): number {
    const attribute = this.node.attributes.get(name);
    return attribute === undefined ? absent : numberOf(attribute, "i");
  }

  float(name: string, absent: number): number {
    const attribute = this.node.attributes.get(name);
    return attribute === undefined ? absent : numberOf(attribute, "f");
  }

  flag(name: string): boolean {
    return this.node.attributes.get(name)?.b === true;
  }

  text(name: string): string {
    const bytes = this.node.attributes.get(name)?.s;
    return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : "";
  }

  dtype(name: string): Dtype | undefined {
    const attribute = this.node.attributes.get(name);
    return attribute === undefined ? undefined : tfDtype(numberOf(attribute, "type"));
  }

  integers(name: string): readonly number[] {
    return (messageOf(this.node.attributes.get(name) ?? {}, "list")?.i as readonly number[] | undefined) ?? [];
  }

  texts(name: string): string[] {
    const list =
      (messageOf(this.node.attributes.get(name) ?? {}, "list")?.s as readonly Uint8Array[] | undefined) ?? [];
    return list.map((bytes) => new TextDecoder().decode(bytes));
  }

  /** A constant input as an attribute, or the value that computes it. */
  scalar(index: number): Attribute {
    const name = this.input(index);
    return this.constant(name)?.[0] ?? { value: name };
  }

  /** All attributes that are plain numbers, flags and lists, for operators that are imported whole. */
  plainAttributes(): Record<string, Attribute> {
    const result: Record<string, Attribute> = {};
    for (const [name, attribute] of this.node.attributes) {
      if (name.startsWith("_")) continue;
      const list = messageOf(attribute, "list");
      const held = attribute.i ?? attribute.f ?? attribute.b ?? list?.i ?? list?.f;
      if (held !== undefined) result[name] = held as Attribute;
      else if (attribute.s instanceof Uint8Array) result[name] = new TextDecoder().decode(attribute.s);
      else if (messageOf(attribute, "func") !== undefined)
        result[name] = stringOf(messageOf(attribute, "func") ?? {}, "name");
    }
    return result;
  }

  /** The node that gives the results: the first is called like the node, the others `name:1`, `name:2`. */
  result(op: string, inputs: readonly (string | null)[], attributes: Record<string, Attribute> = {}, count = 1): void {
    const { name, place } = this.node;
    const outputs = Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}:${index}`));
    const dtype = this.dtype("T") ?? this.dtype("dtype");
    if (dtype !== undefined && op.startsWith("tf."))
      this.builder.value(name, { dtype, shape: undefined, layout: "strided" });
    this.builder.node({ op, inputs, attributes, outputs, place });
  }

  /** A node on the way; gives the name of its result. */
  emit(op: string, inputs: readonly (string | null)[], attributes: Record<string, Attribute> = {}): string {
    const output = this.builder.fresh(`${this.node.name}.${op}`);
    this.builder.node({ op, inputs, attributes, outputs: [output], place: this.node.place });
    return output;
  }
}
