/** `millrace embed run`: a model whose embedding operations run decoupled. */
import type { OptimizationLevel } from "@millrace/ember-dae";
import { evaluate, type ModelGraph, type ModelTensor } from "@millrace/model-import";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { compareOutputs, type OutputCheck } from "../../embed/compare-outputs.ts";
import { type InterpreterNotes, interpreterEngine, interpretNest, noNotes } from "../../embed/engines.ts";
import { type RecordedRun, readRecordedRun, recordedDtype } from "../../embed/recorded-tensors.ts";
import { type EmbeddingRun, isNest, namedInputs, runEmbedding, runNest } from "../../embed/run-embedding.ts";
import { withModel } from "../../inputs/load-model.ts";
import { modelArgument, optFlag } from "./embed-flags.ts";

interface RunFlags extends CommonFlags {
  readonly inputs: string;
  readonly target: "interp";
  readonly opt: OptimizationLevel;
  readonly check?: boolean | undefined;
}

/** The `embed run` command. */
export const embedRun: Command<Invocation> = buildCommand<RunFlags, [string], Invocation>({
  docs: {
    brief: "Run a model; its embedding operations decoupled",
    customUsage: ["MODEL --inputs IO.json [--target interp] [--opt 0..3] [--check] [--json]"],
    fullDescription: describe(
      'Runs a model on inputs from a JSON file: {"inputs": [{"name", "dtype", "shape", "data"}]}, in the order of the model\nwhere names are left out. With --check, outputs are compared with those of the file, or with the reference evaluator,\nto 1e-6, and every level of optimisation with the loop nest, bit by bit; a difference ends with status 3.',
      ["millrace embed run examples/models/embedding-bag.pt2 --inputs examples/models/embedding-bag.json --check"],
    ),
  },
  parameters: {
    flags: {
      inputs: { kind: "parsed", parse: String, brief: "Inputs, and outputs to compare with", placeholder: "FILE" },
      target: { kind: "enum", values: ["interp"], brief: "What carries out the operations", default: "interp" },
      opt: optFlag,
      check: { kind: "boolean", brief: "Compare outputs and levels", optional: true, withNegated: false },
      ...commonFlags,
    },
    positional: { kind: "tuple", parameters: [modelArgument] },
  },
  func: presenting<RunFlags, [string]>("embed-run", (flags, place, file) =>
    withModel(place.host.folder, file, {}, async (graph) => {
      const recorded = readRecordedRun(place.host.folder, flags.inputs);
      const check = flags.check === true;
      const notes = noNotes();
      const run = isNest(graph)
        ? runNest(graph, recorded, interpretNest(flags.opt, check, notes))
        : await runEmbedding(graph, recorded, interpreterEngine(flags.opt, check, notes));
      const checked = check ? await checkRun(graph, recorded, run) : undefined;
      const wrong = (checked?.differing ?? 0) + notes.differing;
      const report = { file, flags, run, notes, checked };
      return { status: wrong > 0 ? 3 : 0, json: () => toJson(report), text: () => toText(report) };
    }),
  ),
});

interface Report {
  readonly file: string;
  readonly flags: RunFlags;
  readonly run: EmbeddingRun;
  readonly notes: InterpreterNotes;
  readonly checked: OutputCheck | undefined;
}

async function checkRun(graph: ModelGraph, recorded: RecordedRun, run: EmbeddingRun): Promise<OutputCheck | undefined> {
  const given = run.outputs.map(({ tensor }) => tensor);
  if (recorded.outputs !== undefined)
    return compareOutputs(
      given,
      recorded.outputs.map(({ tensor }) => tensor),
      "recorded outputs",
    );
  if (isNest(graph)) return undefined;
  const { outputs } = await evaluate(graph, namedInputs(graph, recorded));
  return compareOutputs(given, outputs, "reference evaluator");
}

function toJson({ file, flags, run, notes, checked }: Report) {
  const levels = { compared: notes.compared, differing: notes.differing };
  return {
    model: file,
    target: flags.target,
    opt: flags.opt,
    operations: run.operations.map((operation) => ({ ...operation })),
    outputs: run.outputs.map(({ name, tensor }) => ({
      name,
      dtype: recordedDtype(tensor.dtype),
      shape: [...tensor.shape],
      data: Array.from(tensor.values),
    })),
    queues: { ...notes.traffic },
    check: flags.check === true ? { ...(checked ?? {}), levels } : undefined,
  };
}

function toText({ flags, run, notes, checked }: Report): string {
  const lines = run.operations.map(({ name, result, lookups }) => `${name} ${result}: ${lookups} lookups`);
  for (const { name, tensor } of run.outputs)
    lines.push(`${name}: ${recordedDtype(tensor.dtype)}[${tensor.shape.join(", ")}]  ${firstValues(tensor)}`);
  const { tokens, scalars, vectors, bytes } = notes.traffic;
  lines.push(`queues at opt ${flags.opt}: ${tokens} tokens, ${scalars} scalars, ${vectors} vectors, ${bytes} bytes`);
  if (checked !== undefined) {
    const verdict = checked.differing === 0 ? "ok" : `${checked.differing} differ`;
    lines.push(
      `${checked.compared} values against ${checked.against}: ${verdict}, largest error ${checked.largestError}`,
    );
  }
  if (flags.check === true)
    lines.push(`levels: ${notes.compared - notes.differing} of ${notes.compared} equal bit by bit`);
  return `${lines.join("\n")}\n`;
}

function firstValues({ values }: ModelTensor): string {
  const shown = Array.from(values.subarray(0, 6), (value) => value.toPrecision(6));
  return `${shown.join(" ")}${values.length > 6 ? " …" : ""}`;
}
