/** Checks given inputs against what the model says of them, and learns its symbols from their shapes. */
import { ModelError } from "../errors.ts";
import type { ModelGraph } from "../graph/model-graph.ts";
import { printSize, type Size, tryEvaluateSize } from "../graph/size.ts";
import type { ModelTensor } from "./model-tensor.ts";

/** Tensors by what the caller calls the inputs, or by the names of their values; or in calling order. */
export type ModelInputs = Readonly<Record<string, ModelTensor>> | readonly ModelTensor[];

/** Inputs by value name, and what the symbols are. @throws {ModelError} `input-missing`, `input-mismatch`, `size-range` */
export function bindInputs(
  graph: ModelGraph,
  given: ModelInputs,
): { tensors: Map<string, ModelTensor>; sizes: Map<string, number> } {
  const tensors = new Map<string, ModelTensor>();
  const sizes = new Map<string, number>();
  for (const [index, value] of graph.inputs.entries()) {
    const callerName = graph.inputNames[index] ?? value;
    const tensor = Array.isArray(given)
      ? given[index]
      : byName(given as Readonly<Record<string, ModelTensor>>, callerName, value);
    if (tensor === undefined) {
      const wanted = graph.values.get(value)?.shape?.map(printSize).join(" x ") ?? "any shape";
      throw new ModelError("input-missing", `input ${callerName} (${wanted}) is not given`, {
        place: { file: graph.source.file },
        help: `the model takes ${graph.inputNames.join(", ")}`,
      });
    }
    learn(graph, sizes, { name: callerName, shape: graph.values.get(value)?.shape, tensor });
    tensors.set(value, tensor);
  }
  checkRanges(graph, sizes);
  return { tensors, sizes };
}

function byName(
  given: Readonly<Record<string, ModelTensor>>,
  callerName: string,
  value: string,
): ModelTensor | undefined {
  if (Object.hasOwn(given, callerName)) return given[callerName];
  return Object.hasOwn(given, value) ? given[value] : undefined;
}

function learn(
  graph: ModelGraph,
  sizes: Map<string, number>,
  input: { name: string; shape: readonly Size[] | undefined; tensor: ModelTensor },
): void {
  const { name, shape, tensor } = input;
  if (shape === undefined) return;
  const wrong = (why: string) =>
    new ModelError(
      "input-mismatch",
      `input ${name} is ${tensor.shape.join(" x ")}, the model takes ${shape.map(printSize).join(" x ")}: ${why}`,
      {
        place: { file: graph.source.file },
        help: "give a tensor of that shape",
      },
    );
  if (shape.length !== tensor.shape.length) throw wrong(`rank ${tensor.shape.length} instead of ${shape.length}`);
  for (const [axis, size] of shape.entries()) {
    const extent = tensor.shape[axis] as number;
    const known = tryEvaluateSize(size, sizes);
    if (known === undefined && typeof size !== "number" && "symbol" in size) sizes.set(size.symbol, extent);
    else if (known !== undefined && known !== extent) throw wrong(`axis ${axis} is ${extent} instead of ${known}`);
  }
}

function checkRanges(graph: ModelGraph, sizes: ReadonlyMap<string, number>): void {
  for (const { name, minimum, maximum } of graph.symbols.values()) {
    const size = sizes.get(name);
    if (size === undefined || (size >= (minimum ?? -Infinity) && size <= (maximum ?? Infinity))) continue;
    throw new ModelError("size-range", `size ${name} is ${size}, the model was exported for ${minimum} to ${maximum}`, {
      place: { file: graph.source.file },
      help: "export the model with a larger range for this dimension",
    });
  }
}
