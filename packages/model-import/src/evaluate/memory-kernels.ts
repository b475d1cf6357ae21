/** Loops over memory: `scf.for`, and loads and stores of `memref`. */
import { ModelError } from "../errors.ts";
import type { Node } from "../graph/model-graph.ts";
import type { Environment } from "./environment.ts";
import { type ModelTensor, scalarTensor } from "./model-tensor.ts";

const mostIterations = 2 ** 27;

/** `scf.for`: lower bound, upper bound, step, then carried values; its body gets the index and the carried values. */
export function forKernel(node: Node, environment: Environment, run: (inner: Node) => void): void {
  const [body] = node.regions;
  const [low = 0, high = 0, step = 1] = node.inputs
    .slice(0, 3)
    .map((name) => environment.get(name ?? "").values[0] ?? 0);
  if (!(step > 0))
    throw new ModelError("operator-arguments", `step ${step} of a loop`, {
      place: node.place,
      help: "a step is at least 1",
    });
  if ((high - low) / step > mostIterations)
    throw new ModelError("too-large", `${(high - low) / step} iterations`, { place: node.place });
  let carried = node.inputs.slice(3).map((name) => environment.get(name ?? ""));
  for (let index = low; index < high && body !== undefined; index += step) {
    const given: ModelTensor[] = [scalarTensor("i64", index), ...carried];
    for (const [at, name] of body.inputs.entries()) environment.share(name, given[at] ?? scalarTensor("i64", 0));
    for (const inner of body.nodes) run(inner);
    carried = body.outputs.map((name) => environment.get(name));
  }
  for (const [index, name] of node.outputs.entries()) environment.share(name, carried[index] ?? scalarTensor("i64", 0));
}

function placeIn(node: Node, environment: Environment, tensor: ModelTensor, first: number): number {
  return tensor.shape.reduce((at, extent, axis) => {
    const index = environment.get(node.inputs[first + axis] ?? "").values[0] ?? 0;
    if (index >= 0 && index < extent) return at * extent + index;
    throw new ModelError("index-range", `index ${index} of an axis of extent ${extent}`, {
      place: node.place,
      help: "check the index arrays that are given",
    });
  }, 0);
}

/** `memref.load`: memory, then an index for each axis. */
export function loadKernel(node: Node, environment: Environment): void {
  const tensor = environment.get(node.inputs[0] ?? "");
  const value = tensor.values[placeIn(node, environment, tensor, 1)] ?? 0;
  environment.set(node.outputs[0] ?? "", scalarTensor(tensor.dtype, value));
}

/** `memref.store`: a value, memory, then an index for each axis; everyone who holds the memory sees it. */
export function storeKernel(node: Node, environment: Environment): void {
  const value = environment.get(node.inputs[0] ?? "").values[0] ?? 0;
  const tensor = environment.get(node.inputs[1] ?? "");
  tensor.values[placeIn(node, environment, tensor, 2)] = value;
}
