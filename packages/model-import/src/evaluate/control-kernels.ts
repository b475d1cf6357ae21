/** Nodes with bodies: loops, branches, and sequences of tensors. */
import { ModelError } from "../errors.ts";
import type { Node, Region } from "../graph/model-graph.ts";
import type { Environment } from "./environment.ts";
import { genericKernel } from "./generic-kernel.ts";
import { forKernel, loadKernel, storeKernel } from "./memory-kernels.ts";
import { type ModelTensor, scalarTensor } from "./model-tensor.ts";
import { concat, sliced } from "./shape-kernels.ts";

/** Runs a node of a body. */
export type Runner = (node: Node) => void;

/** Runs a node that has bodies or works on sequences. */
export type ControlKernel = (node: Node, environment: Environment, run: Runner) => void;

/** Iterations after which a loop is taken not to end. */
const mostIterations = 1_000_000;

type Item = ModelTensor | readonly ModelTensor[];

function itemOf(environment: Environment, name: string): Item {
  return environment.isSequence(name) ? environment.sequence(name) : environment.get(name);
}

function keep(environment: Environment, name: string, item: Item): void {
  if (name === "") return;
  if (Array.isArray(item)) environment.setSequence(name, item);
  else environment.set(name, item as ModelTensor);
}

function runRegion(region: Region, environment: Environment, arguments_: readonly Item[], run: Runner): Item[] {
  for (const [index, name] of region.inputs.entries()) {
    const item = arguments_[index];
    if (item !== undefined) keep(environment, name, item);
  }
  for (const node of region.nodes) run(node);
  return region.outputs.map((name) => itemOf(environment, name));
}

// Inputs: trip count, condition, carried values. The body gets the iteration, the condition and the carried values; it
// gives a condition, the carried values, and what is collected from every iteration.
function loop(node: Node, environment: Environment, run: Runner): void {
  const [body] = node.regions;
  if (body === undefined) return;
  const [trip, start, ...initial] = node.inputs;
  const limit = trip === null || trip === undefined ? Infinity : (environment.get(trip).values[0] ?? 0);
  let going = start === null || start === undefined || environment.get(start).values[0] !== 0;
  let carried: Item[] = initial.map((name) => itemOf(environment, name ?? ""));
  const collected: ModelTensor[][] = Array.from(
    { length: Math.max(0, body.outputs.length - 1 - carried.length) },
    () => [],
  );
  for (let iteration = 0; iteration < limit && going; iteration++) {
    if (iteration >= mostIterations) throw endless(node);
    const given = [scalarTensor("i64", iteration), scalarTensor("bool", 1), ...carried];
    const [condition, ...results] = runRegion(body, environment, given, run);
    going = !Array.isArray(condition) && (condition as ModelTensor).values[0] !== 0;
    carried = results.slice(0, carried.length);
    for (const [index, list] of collected.entries()) list.push(results[carried.length + index] as ModelTensor);
  }
  for (const [index, item] of carried.entries()) keep(environment, node.outputs[index] ?? "", item);
  for (const [index, list] of collected.entries()) {
    keep(environment, node.outputs[carried.length + index] ?? "", joined(list, 0, true));
  }
}

// The condition and the body both take the carried values.
function whileLoop(node: Node, environment: Environment, run: Runner): void {
  const [condition, body] = node.regions;
  if (condition === undefined || body === undefined) return;
  let carried = node.inputs.map((name) => itemOf(environment, name ?? ""));
  for (let iteration = 0; ; iteration++) {
    if (iteration >= mostIterations) throw endless(node);
    const [going] = runRegion(condition, environment, carried, run);
    if ((going as ModelTensor).values[0] === 0) break;
    carried = runRegion(body, environment, carried, run);
  }
  for (const [index, item] of carried.entries()) keep(environment, node.outputs[index] ?? "", item);
}

function endless(node: Node): ModelError {
  return new ModelError("too-large", `runs more than ${mostIterations} times`, {
    place: node.place,
    help: "give smaller inputs",
  });
}

// Inputs: the condition, then what both branches take.
function branch(node: Node, environment: Environment, run: Runner): void {
  const [condition, ...operands] = node.inputs;
  const taken = node.regions[environment.get(condition ?? "").values[0] === 0 ? 1 : 0];
  if (taken === undefined) return;
  const results = runRegion(
    taken,
    environment,
    operands.map((name) => itemOf(environment, name ?? "")),
    run,
  );
  for (const [index, item] of results.entries()) keep(environment, node.outputs[index] ?? "", item);
}

function joined(list: readonly ModelTensor[], axis: number, stacked: boolean): ModelTensor {
  const tensors = stacked ? list.map((item) => ({ ...item, shape: [1, ...item.shape] })) : list;
  const node: Node = {
    name: "",
    op: "concat",
    inputs: [],
    attributes: {},
    outputs: [],
    place: { file: "" },
    regions: [],
  };
  if (tensors.length === 0) return { dtype: "f32", shape: [0], values: new Float64Array(0) };
  return concat({ node, inputs: tensors, attributes: { axis } });
}

function insert(node: Node, environment: Environment): void {
  const [sequence = "", item = "", position] = node.inputs;
  const list = [...environment.sequence(sequence ?? "")];
  const given = position === null || position === undefined ? list.length : (environment.get(position).values[0] ?? 0);
  list.splice(given < 0 ? given + list.length : given, 0, environment.get(item ?? ""));
  environment.setSequence(node.outputs[0] ?? "", list);
}

function at(node: Node, environment: Environment): void {
  const list = environment.sequence(node.inputs[0] ?? "");
  const position = environment.get(node.inputs[1] ?? "").values[0] ?? 0;
  const item = list[position < 0 ? position + list.length : position];
  if (item === undefined) {
    throw new ModelError("index-range", `item ${position} of a sequence of ${list.length}`, { place: node.place });
  }
  environment.set(node.outputs[0] ?? "", item);
}

function splitToSequence(node: Node, environment: Environment): void {
  const tensor = environment.get(node.inputs[0] ?? "");
  const axis = Number(node.attributes.axis ?? 0);
  const extent = tensor.shape[axis] ?? 0;
  const given = node.inputs[1] === null || node.inputs[1] === undefined ? undefined : environment.get(node.inputs[1]);
  const lengths =
    given === undefined
      ? new Array<number>(extent).fill(1)
      : given.shape.length === 0
        ? equalParts(extent, given.values[0] ?? 1)
        : [...given.values];
  environment.setSequence(node.outputs[0] ?? "", cut(tensor, axis, lengths));
}

function equalParts(extent: number, size: number): number[] {
  return Array.from({ length: Math.ceil(extent / size) }, (_, index) => Math.min(size, extent - index * size));
}

function cut(tensor: ModelTensor, axis: number, lengths: readonly number[]): ModelTensor[] {
  let start = 0;
  return lengths.map((length) => {
    start += length;
    return sliced(tensor, axis, { start: start - length, end: start, step: 1 });
  });
}

/** Kernels by operator. */
export const controlKernels: ReadonlyMap<string, ControlKernel> = new Map<string, ControlKernel>([
  ["generic", genericKernel],
  ["scf.for", forKernel],
  ["memref.load", loadKernel],
  ["memref.store", storeKernel],
  ["loop", loop],
  ["while", whileLoop],
  ["if", branch],
  ["sequence-empty", (node, environment) => environment.setSequence(node.outputs[0] ?? "", [])],
  [
    "sequence-construct",
    (node, environment) =>
      environment.setSequence(
        node.outputs[0] ?? "",
        node.inputs.map((name) => environment.get(name ?? "")),
      ),
  ],
  ["sequence-insert", insert],
  ["sequence-at", at],
  ["split-to-sequence", splitToSequence],
  [
    "sequence-length",
    (node, environment) =>
      environment.set(node.outputs[0] ?? "", scalarTensor("i64", environment.sequence(node.inputs[0] ?? "").length)),
  ],
  [
    "concat-from-sequence",
    (node, environment) => {
      const list = environment.sequence(node.inputs[0] ?? "");
      const result = joined(list, Number(node.attributes.axis ?? 0), node.attributes.newAxis === true);
      environment.set(node.outputs[0] ?? "", result);
    },
  ],
]);
