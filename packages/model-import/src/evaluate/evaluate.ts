/** The reference evaluator: a model's outputs by the plain meaning of its operators, slowly and in one thread. */
import { ModelError } from "../errors.ts";
import type { ModelGraph } from "../graph/model-graph.ts";
import { usesOf } from "../graph/order-nodes.ts";
import { bindInputs, type ModelInputs } from "./bind-inputs.ts";
import { Environment } from "./environment.ts";
import { type ModelTensor, readWeight } from "./model-tensor.ts";
import { runNode } from "./run-node.ts";

/** How to evaluate. */
export interface EvaluateOptions {
  /**
   * `declared` rounds every result to the type it has in the model; `f64` keeps all floating-point numbers in double
   * precision. `declared` unless given.
   */
  readonly precision?: "declared" | "f64";
  /** Values to return besides the outputs, by name. */
  readonly watch?: readonly string[];
}

/** What came out. */
export interface Evaluation {
  /** Parallel to the outputs of the graph. */
  readonly outputs: readonly ModelTensor[];
  /** The watched values that were computed. */
  readonly watched: ReadonlyMap<string, ModelTensor>;
  /** What the symbolic sizes were. */
  readonly sizes: ReadonlyMap<string, number>;
}

/**
 * Evaluates a model on given inputs.
 *
 * Inputs go by the caller's names (or value names), or in calling order. A parameter whose weight did not come with the
 * model may be given under its name as well.
 *
 * @throws {ModelError} `input-missing`, `input-mismatch`, `size-range`, `shape-mismatch`, `index-range`, `too-large`,
 *   `operator-unsupported` at the first node that has no kernel, `weight-missing`, `weight-truncated`
 */
export async function evaluate(
  graph: ModelGraph,
  inputs: ModelInputs,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { tensors, sizes } = bindInputs(graph, inputs);
  const environment = new Environment(graph, sizes, options.precision ?? "declared");
  for (const [name, tensor] of tensors) environment.set(name, tensor);
  await loadParams(graph, inputs, environment);
  for (const node of graph.nodes) runNode(node, environment);
  const watched = new Map<string, ModelTensor>();
  for (const name of options.watch ?? []) {
    const tensor = environment.find(name);
    if (tensor !== undefined) watched.set(name, tensor);
  }
  return { outputs: graph.outputs.map((name) => environment.get(name)), watched, sizes };
}

async function loadParams(graph: ModelGraph, inputs: ModelInputs, environment: Environment): Promise<void> {
  const used = new Set([...graph.outputs, ...graph.nodes.flatMap(usesOf)]);
  for (const [value, { name, weight }] of graph.params) {
    if (!used.has(value)) continue;
    const given = Array.isArray(inputs) ? undefined : (inputs as Readonly<Record<string, ModelTensor>>)[name];
    if (given !== undefined) environment.set(value, given);
    else if (weight !== undefined) environment.set(value, await readWeight(weight));
    else {
      throw new ModelError("weight-missing", `parameter ${name} came without its weight`, {
        place: { file: graph.source.file, originalName: name },
        help: "give it as an input of that name, or import the model with its weight files",
      });
    }
  }
}
