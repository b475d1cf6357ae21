/** Checks an import: the dense reference of the program against the reference evaluator of the model it was made from. */
import { evaluateProgram, FuseflowError } from "@millrace/fuseflow-sparse";
import { evaluate, type ModelTensor } from "@millrace/model-import";
import { spread } from "@millrace/tensor";
import { compareOutputs } from "../../../embed/compare-outputs.ts";
import { libraryModel } from "../../../fuse/library-model.ts";
import type { LoadedModel } from "../../../fuse/load-model.ts";
import { inputLists } from "../../../fuse/read-model-file.ts";
import { withModel } from "../../../inputs/load-model.ts";
import type { SparseModelArtifact } from "../../artifacts.ts";
import type { StageCheck } from "../../stage-result.ts";

/** Compares every output; says why not where the model has no evaluator besides its program. */
export async function checkImport(
  { model, operands, seed }: Pick<SparseModelArtifact, "model" | "operands" | "seed">,
  { program, operands: stored }: LoadedModel,
  folder: string,
): Promise<StageCheck | string> {
  if (libraryModel(model) !== null) return "nothing: the model is made as a program";
  if (/\.(ein|einsum)$/.test(model)) return "nothing: the text is the program";
  try {
    const results = evaluateProgram(program, stored);
    const given = program.outputs.map((name): ModelTensor => ({ dtype: "f64", ...results.get(name)! }));
    const expected = await withModel(folder, model, {}, async (graph) => {
      const request = { inputs: new Map(Object.entries(operands)), sizes: new Map<string, number>(), seed, run: true };
      const lists = await inputLists(graph, request, { folder, reading: () => () => {} });
      const tensors = [...lists].map(([value, list]): [string, ModelTensor] => {
        const { shape, values } = spread(list);
        return [value, { dtype: graph.values.get(value)?.dtype ?? "f64", shape, values: Float64Array.from(values) }];
      });
      return (await evaluate(graph, Object.fromEntries(tensors), { precision: "f64" })).outputs;
    });
    const { compared, differing } = compareOutputs(given, expected, "reference evaluator");
    return { against: "the model's own evaluator", compared, differing, unit: "values" };
  } catch (error) {
    if (error instanceof FuseflowError && error.code === "reference-size") return `nothing: ${error.message}`;
    throw error;
  }
}
