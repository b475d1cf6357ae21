/** `millrace model run MODEL -i NAME=FILE`: the outputs of a model by the reference evaluator. */
import { evaluate, type ModelTensor } from "@millrace/model-import";
import { buildCommand, type Command } from "@stricli/core";
import { describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { modelInputs, withModel } from "../../inputs/load-model.ts";
import { counted } from "../../terminal/wording.ts";
import { type ModelFlags, modelArgument, modelFlags } from "./model-flags.ts";

type RunFlags = Omit<ModelFlags, "format">;
const { format: _, ...runFlags } = modelFlags;

/** The `model run` command. */
export const modelRun: Command<Invocation> = buildCommand<RunFlags, [string], Invocation>({
  docs: {
    brief: "Evaluate a model on given inputs, as a reference",
    customUsage: ["MODEL -i NAME=FILE ... [--part NAME] [--json]"],
    fullDescription: describe(
      "Evaluates a model by the plain meaning of its operators, on one thread: a reference, not a runtime. Inputs are tensor\nfiles; sparse ones count as dense. A weight that did not come with the model may be given by its name.",
      [
        "millrace model run examples/models/gcn2_dense.pt2 -i A=examples/data/karate.mtx -i X=examples/data/karate-features.npy --json",
      ],
    ),
  },
  parameters: { flags: runFlags, aliases: { i: "input" }, positional: { kind: "tuple", parameters: [modelArgument] } },
  func: presenting<RunFlags, [string]>("model-run", (flags, place, name) =>
    withModel(place.host.folder, name, flags, async (graph) => {
      const inputs = await modelInputs(graph, place.host.folder, flags.input ?? []);
      place.progress.begin(`evaluating ${counted(graph.nodes.length, "node", "nodes")}`);
      const { outputs, sizes } = await evaluate(graph, inputs);
      const named = outputs.map((tensor, index) => ({ name: graph.outputNames[index] ?? "", tensor }));
      return {
        json: () => ({
          model: name,
          sizes: Object.fromEntries(sizes),
          outputs: Object.fromEntries(
            named.map(({ name: output, tensor }) => [
              output,
              { dtype: tensor.dtype, shape: [...tensor.shape], values: numbers(tensor) },
            ]),
          ),
        }),
        text: () =>
          named
            .map(
              ({ name: output, tensor }) => `${output}: ${tensor.dtype}[${tensor.shape.join(", ")}]\n${rows(tensor)}`,
            )
            .join(""),
      };
    }),
  ),
});

// JSON has no words for numbers that are not finite.
function numbers({ values }: ModelTensor): (number | string)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : String(value)));
}

function rows({ shape, values }: ModelTensor): string {
  const width = Math.max(1, shape[shape.length - 1] ?? 1);
  const count = Math.ceil(values.length / width);
  const shown = Array.from(
    { length: Math.min(count, 20) },
    (_row, row) =>
      `  ${Array.from(values.subarray(row * width, row * width + Math.min(width, 12)), (value) => value.toPrecision(6)).join(" ")}${width > 12 ? " …" : ""}\n`,
  );
  return shown.join("") + (count > shown.length ? `  … ${count - shown.length} more rows; --json gives all\n` : "");
}
