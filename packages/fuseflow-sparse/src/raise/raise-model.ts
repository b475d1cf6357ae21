/** Raises a model graph to an einsum program. */
import type { EinsumProgram, ProgramInput } from "../program/program.ts";
import { extentOf, leaves } from "./atoms.ts";
import { declaredFormat } from "./declared-format.ts";
import { type ModelGraph, type Node, type SizeBindings, symbolsOfSize, tryEvaluateShape } from "./model-types.ts";
import { raiseNode } from "./raise-node.ts";
import type { RaisedModel } from "./raised-model.ts";
import { access, type RaisedValue, Raiser } from "./raiser.ts";

/** What raising knows beside the graph. */
export interface RaiseOptions {
  /** Values of the model's symbolic sizes. */
  readonly sizes?: SizeBindings;
  /** Values of constants that are the same everywhere, by value name: ones that a scatter adds up. */
  readonly uniform?: ReadonlyMap<string, number>;
}

/** The constants whose values raising needs: those that a scatter adds up. */
export function constantsToRead(graph: ModelGraph): readonly string[] {
  const added = graph.nodes.flatMap(({ op, inputs }) => (op === "scatter-elements" ? [inputs[2]] : []));
  return [...graph.params.keys()].filter((name) => added.includes(name));
}

/**
 * The einsum program of a model. Inputs and constants are stored as the model says (encodings of MLIR with their tiles, sparse
 * layouts of PyTorch, annotations) and dense where it does not; edge lists and masks are sparse.
 *
 * @throws {FuseflowError} `model-unsupported`: the first operation that has no graph, with its place and what would do
 */
export function raiseModel(graph: ModelGraph, options: RaiseOptions = {}): RaisedModel {
  const sizes = options.sizes ?? new Map<string, number>();
  const raiser = new Raiser(graph, sizes);
  for (const [at, name] of graph.inputs.entries()) declare(raiser, name, graph.inputNames[at] ?? name, sizes);
  for (const [name, param] of graph.params) {
    const value = options.uniform?.get(name);
    if (value === undefined) declare(raiser, name, param.name, sizes);
    else raiser.values.set(name, { kind: "constant", value, shape: raiser.shape(name, null) });
  }
  for (const node of neededNodes(graph)) raiseNode(raiser, node);
  const outputs = graph.outputs.map((name, at) => {
    const tensor = outputTensor(raiser, name, graph.outputNames[at] ?? name);
    return { name: graph.outputNames[at] ?? name, tensor, shape: raiser.shape(name, null) };
  });
  const statements = raiser.statements();
  const used = new Set(
    JSON.stringify(statements)
      .match(/"tensor":"\w+"/g)
      ?.map((match) => match.slice(10, -1)),
  );
  const operands = [...raiser.operands]
    .filter(([name]) => used.has(name))
    .map(([name, { dimensions, source }]) => {
      const parts = dimensions.map((each) => leaves(each).map(({ extent }) => extent));
      const shape = parts.flat();
      const format = source.kind === "plain" ? declaredFormat(graph, source.from, parts) : undefined;
      return { name, shape, source, ...(format !== undefined && { format }) };
    });
  const inputs = operands.map(({ name, shape, source, format }): ProgramInput => {
    return { name, shape, format: format ?? (source.kind === "plain" ? "d" : "s").repeat(shape.length) };
  });
  const program: EinsumProgram = {
    name: graph.name.replace(/\W+/g, "_") || "model",
    inputs,
    statements,
    outputs: outputs.map(({ tensor }) => tensor),
  };
  return { program, operands, outputs };
}

function declare(raiser: Raiser, name: string, label: string, sizes: SizeBindings): void {
  const shape = tryEvaluateShape(raiser.graph.values.get(name)?.shape, sizes);
  if (shape === undefined)
    throw raiser.refusal(null, `${unknownSizes(raiser.graph, name, sizes)} of input ${label} is not known`);
  raiser.values.set(name, raiser.operand(label, shape, { kind: "plain", from: name }));
}

/** The open sizes of a value that have no number, in words. */
function unknownSizes(graph: ModelGraph, name: string, sizes: SizeBindings): string {
  const open = (graph.values.get(name)?.shape ?? []).flatMap(symbolsOfSize).filter((symbol) => !sizes.has(symbol));
  return open.length === 0 ? "the shape" : `the size ${open.join(" and ")}`;
}

/** The nodes that outputs depend on, in order. */
function neededNodes(graph: ModelGraph): readonly Node[] {
  const needed = new Set(graph.outputs);
  const kept: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) if (input !== null) needed.add(input);
    kept.push(node);
  }
  return kept.reverse();
}

/** The tensor of an output; a view is copied so that its dimensions stand in the model's order. */
function outputTensor(raiser: Raiser, name: string, label: string): string {
  const value: RaisedValue | undefined = raiser.values.get(name);
  if (value?.kind !== "tensor") throw raiser.refusal(null, `output ${label} is no tensor of numbers`);
  const isInput = raiser.operands.has(value.tensor);
  if (!isInput && value.places === raiser.plainPlaces.get(value.tensor)) return value.tensor;
  const shape = value.dimensions.map(extentOf);
  const wanted = raiser.shape(name, null);
  if (shape.some((extent, at) => extent !== wanted[at])) {
    throw raiser.refusal(
      null,
      `output ${label} repeats values along a dimension, for which there is no dataflow graph`,
    );
  }
  const result = raiser.fresh(`${label}_result`, shape);
  for (const [at, each] of result.dimensions.entries()) raiser.join(each, value.dimensions[at]!);
  raiser.emit(result, (variables) => access(value, variables));
  return result.tensor;
}
