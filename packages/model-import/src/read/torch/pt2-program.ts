/** The program of torch.export: its JSON to nodes, inputs and outputs. */
import type { JsonReader } from "../../archive/json-reader.ts";
import { ModelError } from "../../errors.ts";
import { GraphBuilder } from "../../graph/graph-builder.ts";
import type { Attribute, ModelGraph, ModelSource } from "../../graph/model-graph.ts";
import type { Weight } from "../../graph/weight.ts";
import { InPlaceNames } from "./in-place.ts";
import { isInPlace, lowerTorchCall } from "./lower.ts";
import { keepGuards, keepRanges } from "./pt2-symbols.ts";
import { readArgument, readSize, readTensorMeta, type SymbolWatcher } from "./pt2-values.ts";
import { isValue, TorchCall } from "./torch-call.ts";

/** A program and where its constants are. */
export interface ProgramParts {
  readonly name: string;
  readonly json: JsonReader;
  readonly source: ModelSource;
  /** By the name that the model calls them. */
  readonly weights: ReadonlyMap<string, Weight>;
}

/** @throws {ModelError} whatever is wrong with the program, with its JSON path. */
export function readProgram({ name, json, source, weights }: ProgramParts): ModelGraph {
  const builder = new GraphBuilder(name, source);
  const hints = new Map<string, number>();
  const watch: SymbolWatcher = (symbol, hint) => {
    if (hint !== undefined) hints.set(symbol, hint);
    if (builder.symbolOf(symbol) !== undefined && hint === undefined) return;
    builder.symbol({ name: symbol, minimum: undefined, maximum: undefined, hint: hints.get(symbol), equalTo: [] });
  };
  const module = json.at("graph_module");
  const graph = module.at("graph");
  for (const [value, meta] of graph.at("tensor_values").entries()) builder.value(value, readTensorMeta(meta, watch));
  readSymbolicValues(builder, graph, watch);
  readInputs(builder, module, weights);
  readNodes(builder, graph, watch);
  readOutputs(builder, module);
  keepRanges(builder, json);
  keepGuards(builder, json);
  return builder.finish();
}

function readSymbolicValues(builder: GraphBuilder, graph: JsonReader, watch: SymbolWatcher): void {
  const values = graph.at("sym_int_values");
  if (!values.present) return;
  for (const [name, meta] of values.entries()) {
    const [kind, inner] = meta.union() ?? [];
    if (inner === undefined || (kind !== "as_expr" && kind !== "as_int")) continue;
    const size = kind === "as_int" ? inner.integer() : readSize(meta, watch);
    builder.value(name, { dtype: "i64", shape: [], layout: "strided", size });
  }
}

function readInputs(builder: GraphBuilder, module: JsonReader, weights: ReadonlyMap<string, Weight>): void {
  const callerNames = forwardNames(module);
  const specs = module.at("signature").at("input_specs").list();
  const users = specs.filter((spec) => spec.union()?.[0] === "user_input").length;
  let user = 0;
  for (const spec of specs) {
    const [kind, body] = spec.union() ?? [];
    if (kind === undefined || body === undefined) throw spec.wrong("a kind of input");
    if (kind === "user_input") {
      const argument = readArgument(body.at("arg"), () => {});
      const callerName = callerNames.length === users ? callerNames[user] : undefined;
      user++;
      // An input that is a plain number was fixed when the model was exported.
      if (!isValue(argument)) continue;
      builder.input(argument.value, callerName ?? argument.value, spec.place);
    } else if (kind === "parameter" || kind === "buffer" || kind === "tensor_constant") {
      const fqn = body.at(`${kind}_name`).text();
      const place = { ...spec.place, originalName: fqn };
      const weight = weights.get(fqn);
      if (weight === undefined) {
        throw new ModelError("weight-missing", `${kind.replace("_", " ")} ${fqn} is not in the archive`, {
          place,
          help: "export the model again; its weights must be saved with it",
        });
      }
      builder.param(body.at("arg").at("name").text(), { name: fqn, weight }, place);
    } else if (kind !== "constant_input" && kind !== "token") {
      throw spec.wrong(
        "a parameter, a buffer, a constant or an input of the user; custom objects have no meaning here",
      );
    }
  }
}

function forwardNames(module: JsonReader): string[] {
  const calls = module.at("module_call_graph");
  const [root] = calls.present ? calls.list() : [];
  const signature = root?.at("signature");
  const names = signature?.present ? signature.at("forward_arg_names") : undefined;
  return names?.present ? names.list().map((name) => name.text()) : [];
}

function readNodes(builder: GraphBuilder, graph: JsonReader, watch: SymbolWatcher): void {
  const names = new InPlaceNames();
  for (const node of graph.at("nodes").list()) {
    const fullTarget = node.at("target").text();
    const target = fullTarget.replace(/^torch\.ops\./, "").replace(/^_operator\./, "operator.");
    const outputs = node.at("outputs").list().flatMap(outputNames);
    const place = { ...node.place, originalName: outputs[0] ?? target };
    const parts = new Map<string, Attribute>();
    let first: string | undefined;
    for (const input of node.at("inputs").list()) {
      const argument = readArgument(input.at("arg"), watch);
      if (first === undefined && isValue(argument)) first = argument.value;
      parts.set(input.at("name").text(), names.resolve(argument, place));
    }
    // A node that only computes a size: the sizes themselves say what it gives.
    if (outputs.length === 1 && builder.valueOf(outputs[0] as string).size !== undefined) {
      const size = builder.valueOf(outputs[0] as string).size ?? 0;
      const known = !target.startsWith("aten.item") && !target.startsWith("aten._local_scalar_dense");
      if (known) {
        builder.node({ op: "size-value", inputs: [], attributes: { size }, outputs, place });
        continue;
      }
    }
    if (outputs.length === 0) continue;
    lowerTorchCall(new TorchCall(builder, { target, arguments: parts, outputs, place }));
    if (first !== undefined) names.note({ target, inPlace: isInPlace(target), place }, first, outputs[0] as string);
  }
}

function outputNames(json: JsonReader): string[] {
  const argument = readArgument(json, () => {});
  if (isValue(argument)) return [argument.value];
  if (Array.isArray(argument)) return argument.map((item: Attribute) => (isValue(item) ? item.value : ""));
  return [];
}

function readOutputs(builder: GraphBuilder, module: JsonReader): void {
  for (const spec of module.at("signature").at("output_specs").list()) {
    const [kind, body] = spec.union() ?? [];
    if (kind !== "user_output" || body === undefined) continue;
    const argument = readArgument(body.at("arg"), () => {});
    if (isValue(argument)) builder.output(argument.value, argument.value, spec.place);
  }
}
