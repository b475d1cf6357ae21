/** ONNX models: a protobuf message to a graph; bodies of loops and branches become regions. */
import { nearest } from "@millrace/ir-text";
import {
  type Message,
  messageOf,
  messagesOf,
  numberOf,
  readMessage,
  stringOf,
  stringsOf,
} from "../../archive/protobuf.ts";
import { ModelError } from "../../errors.ts";
import { GraphBuilder, type NodeParts } from "../../graph/graph-builder.ts";
import type { ModelGraph, Node, Region, Value } from "../../graph/model-graph.ts";
import type { Place } from "../../graph/place.ts";
import type { Size } from "../../graph/size.ts";
import { elementCount } from "../../graph/weight.ts";
import type { SideFiles } from "../side-files.ts";
import { OnnxCall, type OnnxScope } from "./onnx-call.ts";
import { onnxAlgebra } from "./onnx-operators.ts";
import { modelSchema } from "./onnx-schema.ts";
import { isMainDomain, nodeTitle, onnxForeign, onnxShaping } from "./onnx-shaping.ts";
import { lacksBytes, onnxDtype, onnxSparseWeight, onnxWeight } from "./onnx-tensor.ts";
import { onnxWindows } from "./onnx-windows.ts";
import { smallConstant } from "./small-constant.ts";

const table = { ...onnxAlgebra, ...onnxShaping, ...onnxWindows };

/** Whether bytes may be an ONNX model: they begin with its version and have a graph with an operator set. */
export function isOnnx(bytes: Uint8Array): boolean {
  if (bytes[0] !== 8 || bytes.length < 8) return false;
  try {
    const model = readMessage(bytes, modelSchema, { file: "" });
    return messageOf(model, "graph") !== undefined;
  } catch {
    // The model is read again where faults are told; here only a likely one counts.
    return (bytes[1] ?? 0) < 32;
  }
}

/** @throws {ModelError} whatever is wrong with the model, with its path in the message. */
export function readOnnx(bytes: Uint8Array, file: string, files: SideFiles): ModelGraph {
  const place = { file };
  const model = readMessage(bytes, modelSchema, place);
  const graph = messageOf(model, "graph");
  if (graph === undefined) {
    throw new ModelError("program-missing", "the model has no graph", { place, help: "export the model again" });
  }
  const opset = messagesOf(model, "opset").find((entry) => isMainDomain(stringOf(entry, "domain")));
  const version = opset === undefined ? 0 : numberOf(opset, "version");
  const producer = [stringOf(model, "producerName"), stringOf(model, "producerVersion")]
    .filter((word) => word !== "")
    .join(" ");
  const name = stringOf(graph, "name") || file.replace(/^.*[\\/]/, "").replace(/\..*$/, "");
  const builder = new GraphBuilder(name, { format: "onnx", file, version: `opset ${version}`, producer });
  return new OnnxReader(builder, version, files).read(graph);
}

class OnnxReader {
  readonly #builder: GraphBuilder;
  readonly #opset: number;
  readonly #files: SideFiles;
  readonly #constants = new Map<string, readonly number[]>();

  constructor(builder: GraphBuilder, opset: number, files: SideFiles) {
    this.#builder = builder;
    this.#opset = opset;
    this.#files = files;
  }

  read(graph: Message): ModelGraph {
    const names = new Map<string, string>();
    const constants = this.#initializers(graph, names, "graph");
    this.#declare(graph, names, "graph");
    for (const [index, input] of messagesOf(graph, "input").entries()) {
      const name = stringOf(input, "name");
      if (constants.has(name)) continue;
      names.set(name, name);
      this.#builder.input(name, name, this.#place(`graph.input[${index}]`, name));
    }
    const scope = this.#scope(names, (parts) => this.#builder.node(parts));
    this.#nodes(graph, names, scope, "graph");
    for (const [index, output] of messagesOf(graph, "output").entries()) {
      const name = stringOf(output, "name");
      this.#builder.output(names.get(name) ?? name, name, this.#place(`graph.output[${index}]`, name));
    }
    return this.#builder.finish();
  }

  #place(path: string, originalName?: string): Place {
    return { file: this.#builder.source.file, path, ...(originalName === undefined ? {} : { originalName }) };
  }

  #initializers(graph: Message, names: Map<string, string>, path: string): Set<string> {
    const found = new Set<string>();
    for (const [index, tensor] of messagesOf(graph, "initializer").entries()) {
      const name = stringOf(tensor, "name");
      found.add(name);
      names.set(name, this.#unique(name));
      this.#tensor(tensor, names.get(name) ?? name, `${path}.initializer[${index}]`);
    }
    for (const [index, sparse] of messagesOf(graph, "sparseInitializer").entries()) {
      const place = this.#place(`${path}.sparseInitializer[${index}]`);
      const weight = onnxSparseWeight(sparse, { files: this.#files, place });
      const name = stringOf(messageOf(sparse, "values") ?? {}, "name");
      found.add(name);
      names.set(name, this.#unique(name));
      this.#builder.value(names.get(name) ?? name, { dtype: weight.dtype, shape: weight.shape, layout: "coo" });
      this.#builder.param(names.get(name) ?? name, { name, weight }, weight.place);
    }
    return found;
  }

  // Names of a body may repeat those around it.
  #unique(name: string): string {
    return this.#builder.has(name) ? this.#builder.fresh(name) : name;
  }

  #tensor(tensor: Message, name: string, path: string): string {
    const context = { files: this.#files, place: this.#place(path, stringOf(tensor, "name") || name) };
    const shape = (tensor.dims as readonly number[] | undefined) ?? [];
    if (lacksBytes(tensor)) {
      const dtype = onnxDtype(numberOf(tensor, "dataType"), context.place);
      this.#builder.value(name, { dtype, shape, layout: "strided" });
      this.#builder.param(name, { name, weight: undefined }, context.place);
      return name;
    }
    const weight = onnxWeight(tensor, context);
    this.#builder.value(name, { dtype: weight.dtype, shape, layout: "strided" });
    const numbers = elementCount(shape) <= 1024 ? smallConstant(tensor, weight) : undefined;
    if (numbers !== undefined) this.#constants.set(name, numbers);
    if (numbers !== undefined && shape.length === 0) {
      const attributes = { shape: [], value: numbers[0] ?? 0, dtype: weight.dtype };
      this.#builder.node({ op: "full", inputs: [], attributes, outputs: [name], place: context.place });
    } else {
      const called = stringOf(tensor, "name") || name;
      const uniform = numbers?.every((number) => number === numbers[0]) === true ? numbers[0] : undefined;
      this.#builder.param(name, { name: called, weight, ...(uniform === undefined ? {} : { uniform }) }, context.place);
    }
    return name;
  }

  #declare(graph: Message, names: ReadonlyMap<string, string>, path: string): void {
    for (const list of ["valueInfo", "output", "input"]) {
      for (const [index, info] of messagesOf(graph, list).entries()) {
        const name = stringOf(info, "name");
        const tensor = messageOf(messageOf(info, "type") ?? {}, "tensor");
        if (tensor === undefined || names.has(name)) continue;
        this.#builder.value(name, this.#valueOf(tensor, this.#place(`${path}.${list}[${index}]`, name)));
      }
    }
  }

  #valueOf(tensor: Message, place: Place): Value {
    const number = numberOf(tensor, "elementType");
    const dtype = number === 0 ? undefined : onnxDtype(number, place);
    const shape = messageOf(tensor, "shape");
    const sizes = shape === undefined ? undefined : messagesOf(shape, "dim").map((dim) => this.#size(dim));
    return { dtype, shape: sizes, layout: "strided" };
  }

  #size(dim: Message): Size {
    if (dim.value !== undefined) return numberOf(dim, "value");
    const symbol = stringOf(dim, "param") || this.#builder.fresh("size");
    if (this.#builder.symbolOf(symbol) === undefined) {
      this.#builder.symbol({ name: symbol, minimum: 0, maximum: undefined, hint: undefined, equalTo: [] });
    }
    return { symbol };
  }

  #scope(names: ReadonlyMap<string, string>, add: (parts: NodeParts) => Node): OnnxScope {
    return {
      builder: this.#builder,
      opset: this.#opset,
      constant: (value) => this.#constants.get(value),
      add,
      region: (graph, name, path) => this.#region(graph, name, { names, path }),
      tensor: (tensor, name, path) => this.#tensor(tensor, name, path),
    };
  }

  #region(graph: Message, name: string, around: { names: ReadonlyMap<string, string>; path: string }): Region {
    const names = new Map(around.names);
    this.#initializers(graph, names, around.path);
    const inputs = messagesOf(graph, "input").map((input) => {
      const given = stringOf(input, "name");
      names.set(given, this.#unique(given));
      const own = names.get(given) ?? given;
      this.#builder.value(own, this.#builder.valueOf(own));
      const tensor = messageOf(messageOf(input, "type") ?? {}, "tensor");
      if (tensor !== undefined) this.#builder.value(own, this.#valueOf(tensor, this.#place(around.path, given)));
      return own;
    });
    const nodes: Node[] = [];
    const scope = this.#scope(names, (parts) => {
      const node = this.#builder.detached(parts);
      nodes.push(node);
      return node;
    });
    this.#nodes(graph, names, scope, around.path);
    const outputs = messagesOf(graph, "output").map(
      (output) => names.get(stringOf(output, "name")) ?? stringOf(output, "name"),
    );
    return { name, inputs, outputs, nodes };
  }

  #nodes(graph: Message, names: Map<string, string>, scope: OnnxScope, path: string): void {
    const top = path === "graph";
    const nodes = messagesOf(graph, "node");
    if (!top)
      for (const node of nodes)
        for (const output of stringsOf(node, "output")) if (output !== "") names.set(output, this.#unique(output));
    for (const [index, node] of nodes.entries()) {
      const op = stringOf(node, "opType");
      const place = this.#place(`${path}.node[${index}]`, nodeTitle(node));
      const inputs = stringsOf(node, "input").map((input) => (input === "" ? null : (names.get(input) ?? input)));
      const outputs = stringsOf(node, "output").map((output) => (output === "" ? "" : (names.get(output) ?? output)));
      const call = new OnnxCall(scope, { op, inputs, outputs, place, node });
      const domain = stringOf(node, "domain");
      if (isMainDomain(domain) && Object.hasOwn(table, op)) table[op]?.(call);
      else if (isMainDomain(domain) && onnxForeign.has(op)) call.result(`onnx.${op}`, inputs, call.plainAttributes());
      else throw unknown(op, domain, place);
    }
  }
}

function unknown(op: string, domain: string, place: Place): ModelError {
  const similar = nearest(op, Object.keys(table));
  const full = isMainDomain(domain) ? op : `${domain}.${op}`;
  const help = isMainDomain(domain)
    ? `${similar === undefined ? "" : `the nearest known operator is ${similar}; `}export with another opset, or write the model as an einsum or MLIR program`
    : "operators of other domains have no published meaning; export with plain ai.onnx operators";
  return new ModelError("operator-unknown", `operator ${full} is not modelled`, { place, help });
}
