/** A GraphDef, whatever form it came in, to a graph. */
import { nearest } from "@millrace/ir-text";
import {
  type Message,
  messageOf,
  messagesOf,
  numberOf,
  numbersOf,
  stringOf,
  stringsOf,
} from "../../archive/protobuf.ts";
import { ModelError } from "../../errors.ts";
import { GraphBuilder } from "../../graph/graph-builder.ts";
import type { ModelGraph, ModelSource } from "../../graph/model-graph.ts";
import type { Place } from "../../graph/place.ts";
import type { Size } from "../../graph/size.ts";
import { elementCount, type Weight } from "../../graph/weight.ts";
import { TfCall, type TfNode } from "./tf-call.ts";
import { tfForeign, tfLoweringOf, tfOperators } from "./tf-operators.ts";
import { tfDtype, tfShape, tfWeight } from "./tf-tensor.ts";

/** A GraphDef and what came with it. */
export interface GraphDefParts {
  readonly name: string;
  readonly source: ModelSource;
  readonly message: Message;
  /** Weights by node, of TensorFlow.js. */
  readonly weights: ReadonlyMap<string, Weight>;
  /** Numbers of small weights by node. */
  readonly constants: ReadonlyMap<string, readonly number[]>;
  /** Names of the output tensors in order, where the file says so. */
  readonly outputs: readonly string[] | undefined;
}

/** @throws {ModelError} whatever is wrong with the graph, with its node. */
export function readGraphDef(parts: GraphDefParts): ModelGraph {
  return new GraphDefReader(parts).read();
}

class GraphDefReader {
  readonly #parts: GraphDefParts;
  readonly #builder: GraphBuilder;
  readonly #constants: Map<string, readonly number[]>;

  constructor(parts: GraphDefParts) {
    this.#parts = parts;
    this.#builder = new GraphBuilder(parts.name, parts.source);
    this.#constants = new Map(parts.constants);
  }

  read(): ModelGraph {
    const nodes = messagesOf(this.#parts.message, "node").map((node, index) => this.#node(node, index));
    const seen = new Set<string>();
    for (const { name, place } of nodes) {
      if (seen.has(name))
        throw new ModelError("value-duplicate", `node ${name} appears twice`, { place, help: "rename one of them" });
      seen.add(name);
    }
    // Constants first: operators that come before them in the file may need their numbers.
    for (const node of nodes) if (node.op === "Const") this.#constant(node);
    for (const node of nodes) if (node.op === "Placeholder") this.#placeholder(node);
    const counts = outputCounts(nodes);
    for (const node of nodes)
      if (!["Const", "Placeholder", "NoOp"].includes(node.op)) this.#lower(node, counts.get(node.name) ?? 1);
    for (const name of this.#parts.outputs ?? sinks(nodes)) {
      this.#builder.output(valueName(name), name.includes(":") ? name : `${name}:0`, {
        file: this.#parts.source.file,
        originalName: name,
      });
    }
    return this.#builder.finish();
  }

  #node(node: Message, index: number): TfNode {
    const name = stringOf(node, "name");
    const place: Place = { file: this.#parts.source.file, path: `node[${index}]`, originalName: name };
    const attributes = new Map(
      messagesOf(node, "attr").map((entry) => [stringOf(entry, "key"), messageOf(entry, "value") ?? {}]),
    );
    const inputs = stringsOf(node, "input")
      .filter((input) => !input.startsWith("^"))
      .map(valueName);
    return { name, op: stringOf(node, "op"), inputs, attributes, place };
  }

  #constant({ name, attributes, place }: TfNode): void {
    const tensor = messageOf(attributes.get("value") ?? {}, "tensor") ?? {};
    const weight =
      this.#parts.weights.get(name) ??
      tfWeight(tensor, place, this.#parts.source.format === "tfjs" ? "missing" : "zeros");
    // Shards hold int64 constants as int32; the graph says what they are.
    const dtype = tfDtype(numberOf(tensor, "dtype")) ?? weight?.dtype;
    const shape = weight?.shape ?? tfShape(messageOf(tensor, "tensorShape")) ?? [];
    this.#builder.value(name, { dtype, shape, layout: "strided" });
    const numbers =
      this.#constants.get(name) ?? (elementCount(shape) <= 1024 ? inlineNumbers(tensor, weight, shape) : undefined);
    if (numbers !== undefined) this.#constants.set(name, numbers);
    if (numbers !== undefined && shape.length === 0 && dtype !== undefined && dtype !== "string") {
      this.#builder.node({
        op: "full",
        inputs: [],
        attributes: { shape: [], value: numbers[0] ?? 0, dtype },
        outputs: [name],
        place,
      });
    } else this.#builder.param(name, { name, weight }, place);
  }

  #placeholder({ name, attributes, place }: TfNode): void {
    const dtype = tfDtype(numberOf(attributes.get("dtype") ?? {}, "type"));
    const shape = tfShape(messageOf(attributes.get("shape") ?? {}, "shape"))?.map((extent, axis) =>
      this.#size(name, axis, extent),
    );
    this.#builder.value(name, { dtype, shape, layout: "strided" });
    this.#builder.input(name, `${name}:0`, place);
  }

  #size(name: string, axis: number, extent: number): Size {
    if (extent >= 0) return extent;
    const symbol = `${name}.${axis}`;
    this.#builder.symbol({ name: symbol, minimum: 0, maximum: undefined, hint: undefined, equalTo: [] });
    return { symbol };
  }

  #lower(node: TfNode, used: number): void {
    const call = new TfCall(node, this.#builder, (value) => this.#constants.get(value));
    const lowering = tfLoweringOf(node.op);
    if (lowering !== undefined) lowering(call);
    else if (tfForeign.has(node.op)) call.result(`tf.${node.op}`, node.inputs, call.plainAttributes(), used);
    else throw unknown(node);
  }
}

/** The value that an input such as `name`, `name:0` or `name:1` means. */
function valueName(input: string): string {
  return input.replace(/:0$/, "");
}

// How many results of each node are used.
function outputCounts(nodes: readonly TfNode[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { inputs } of nodes) {
    for (const input of inputs) {
      const [, name = "", index = ""] = /^(.*):(\d+)$/.exec(input) ?? [];
      if (name !== "") counts.set(name, Math.max(counts.get(name) ?? 1, Math.min(1 << 16, Number(index) + 1)));
    }
  }
  return counts;
}

// Nodes that no other node uses, neither its values nor as a control edge that is not a mere NoOp.
function sinks(nodes: readonly TfNode[]): string[] {
  const used = new Set(nodes.flatMap(({ inputs }) => inputs.map((input) => input.replace(/:\d+$/, ""))));
  return nodes
    .filter(({ name, op }) => !used.has(name) && !["NoOp", "Const", "Placeholder"].includes(op))
    .map(({ name }) => name);
}

function inlineNumbers(
  tensor: Message,
  weight: Weight | undefined,
  shape: readonly number[],
): readonly number[] | undefined {
  if (weight === undefined) return undefined;
  const count = elementCount(shape);
  const key = ["floatVal", "doubleVal", "intVal", "int64Val", "boolVal"].find(
    (name) => numbersOf(tensor, name).length > 0,
  );
  if (key !== undefined) {
    const given = numbersOf(tensor, key).map(Number);
    return Array.from({ length: count }, (_, index) => given[Math.min(index, given.length - 1)] ?? 0);
  }
  const content = tensor.tensorContent;
  if (content instanceof Uint8Array && content.length > 0) return numbersIn(content, weight.dtype, count);
  return weight.dtype === "string" ? undefined : new Array<number>(count).fill(0);
}

/** The first numbers in little-endian bytes, or `undefined` for types that hold no plain numbers. */
export function numbersIn(bytes: Uint8Array, dtype: Weight["dtype"], count: number): number[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[dtype];
  return read === undefined ? undefined : Array.from({ length: count }, (_, index) => read(view, index));
}

const readers: Partial<Record<Weight["dtype"], (view: DataView, index: number) => number>> = {
  f32: (view, index) => view.getFloat32(index * 4, true),
  f64: (view, index) => view.getFloat64(index * 8, true),
  i64: (view, index) => Number(view.getBigInt64(index * 8, true)),
  i32: (view, index) => view.getInt32(index * 4, true),
  i16: (view, index) => view.getInt16(index * 2, true),
  i8: (view, index) => view.getInt8(index),
  u8: (view, index) => view.getUint8(index),
  bool: (view, index) => view.getUint8(index),
};

function unknown({ op, place }: TfNode): ModelError {
  const variable =
    /^(VarHandleOp|ReadVariableOp|StatefulPartitionedCall|PartitionedCall|AssignVariableOp|ResourceGather)$/.test(op);
  const similar = nearest(op, tfOperators);
  const help = variable
    ? "freeze the model first (convert_variables_to_constants_v2), or convert it with tensorflowjs_converter"
    : `${similar === undefined ? "" : `the nearest known operator is ${similar}; `}cut the graph before this node, or write that part as an einsum or MLIR program`;
  return new ModelError("operator-unknown", `operator ${op} is not modelled`, { place, help });
}
