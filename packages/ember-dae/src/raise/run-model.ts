/** Runs a model: embedding operations by a given engine, everything around them by the reference evaluator. */
import { evaluate, type ModelInputs, type ModelTensor } from "@millrace/model-import";
import type { Instance } from "../operation/instance.ts";
import type { Lookup } from "./lookup.ts";
import { prepareLookup, valuesOfLookup } from "./operands-of.ts";
import type { RaisedModel } from "./raise.ts";
import { sliceGraph } from "./slice-graph.ts";

/** Carries out one operation and gives the elements of its output. */
export type Engine = (instance: Instance, lookup: Lookup) => Float64Array | Promise<Float64Array>;

/**
 * The outputs of a model, in order.
 *
 * @throws {EmberError} for ids, offsets and weights that do not fit
 * @throws {ModelError} for inputs that do not fit and nodes that cannot be evaluated
 */
export async function runModel(
  { graph, lookups }: RaisedModel,
  inputs: ModelInputs,
  engine: Engine,
): Promise<readonly ModelTensor[]> {
  const known = new Map<string, ModelTensor>();
  const compute = async (outputs: readonly string[]) => {
    const slice = sliceGraph(graph, outputs, [...known.keys()]);
    const given = Array.isArray(inputs) ? [...inputs, ...known.values()] : { ...inputs, ...Object.fromEntries(known) };
    return (await evaluate(slice, given)).outputs;
  };
  for (const lookup of lookups) {
    const names = [...new Set(valuesOfLookup(lookup))];
    const tensors = await compute(names);
    const prepared = prepareLookup(lookup, new Map(names.map((name, place) => [name, tensors[place] as ModelTensor])));
    known.set(lookup.result, prepared.tensorOf(await engine(prepared.instance, lookup)));
  }
  return compute(graph.outputs);
}
