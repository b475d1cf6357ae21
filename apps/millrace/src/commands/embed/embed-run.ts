/** `millrace embed run`: a model whose embedding operations run decoupled. */
import { type Engine, type OptimizationLevel, withFreshOutput } from "@millrace/ember-dae";
import { KernelCompiler, nodeHost } from "@millrace/loop-ir";
import { evaluate, type ModelGraph, type ModelTensor } from "@millrace/model-import";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting } from "../../cli/outcome.ts";
import { compareOutputs, type OutputCheck } from "../../embed/compare-outputs.ts";
import {
  compiledProgram,
  type InterpreterNotes,
  interpreterEngine,
  interpretProgram,
  kernelEngine,
  noNotes,
  type RunnableProgram,
} from "../../embed/engines.ts";
import { loadProgram } from "../../embed/load-programs.ts";
import { type RecordedRun, readRecordedRun, recordedDtype } from "../../embed/recorded-tensors.ts";
import {
  type EmbeddingRun,
  isNest,
  namedInputs,
  runEmbedding,
  runNest,
  runProgram,
} from "../../embed/run-embedding.ts";
import { withModel } from "../../inputs/load-model.ts";
import { modelArgument, optFlag } from "./embed-flags.ts";

interface RunFlags extends CommonFlags {
  readonly inputs: string;
  readonly target: "interp" | "c" | "wasm";
  readonly opt: OptimizationLevel;
  readonly check?: boolean | undefined;
}

/** The `embed run` command. */
export const embedRun: Command<Invocation> = buildCommand<RunFlags, [string], Invocation>({
  docs: {
    brief: "Run a model; its embedding operations decoupled",
    customUsage: ["MODEL --inputs IO.json [--target interp|c|wasm] [--opt 0..3] [--check] [--json]"],
    fullDescription: describe(
      'Runs a model on inputs from a JSON file: {"inputs": [{"name", "dtype", "shape", "data"}]}, in the order of the model\nwhere names are left out. With --check, outputs are compared with those of the file, or with the reference evaluator,\nto 1e-6 (halves to a unit in the last place), and every level of optimisation and compiled kernels with the loop\nnest, bit by bit; a difference ends with status 3. Loop nests (.mlir) and programs of any level run too, with inputs by\ntheir place; those with vectors or queues are interpreted on every target.',
      ["millrace embed run examples/models/embedding-bag.pt2 --inputs examples/models/embedding-bag.json --check"],
    ),
  },
  parameters: {
    flags: {
      inputs: { kind: "parsed", parse: String, brief: "Inputs, and outputs to compare with", placeholder: "FILE" },
      target: {
        kind: "enum",
        values: ["interp", "c", "wasm"],
        brief: "What runs the operations; c falls back to wasm",
        default: "interp",
      },
      opt: optFlag,
      check: { kind: "boolean", brief: "Compare outputs and levels", optional: true, withNegated: false },
      ...commonFlags,
    },
    positional: { kind: "tuple", parameters: [modelArgument] },
  },
  func: presenting<RunFlags, [string]>("embed-run", async (flags, place, file) => {
    const recorded = readRecordedRun(place.host.folder, flags.inputs);
    const notes = noNotes();
    const note = (line: string) => place.note(line);
    const reportOf = (run: EmbeddingRun, checked: OutputCheck | undefined): Outcome => {
      const report = { file, flags, run, notes, checked };
      const wrong = (checked?.differing ?? 0) + notes.differing;
      return { status: wrong > 0 ? 3 : 0, json: () => toJson(report), text: () => toText(report) };
    };
    const program = loadProgram(place.host.folder, file);
    if (program !== undefined) {
      const run = runProgram(program, recorded, programRunner(flags, notes, note));
      return reportOf(run, flags.check === true ? checkRecorded(recorded, run) : undefined);
    }
    return withModel(place.host.folder, file, {}, async (graph) => {
      const run = isNest(graph)
        ? runNest(graph, recorded, programRunner(flags, notes, note))
        : await runEmbedding(graph, recorded, engineOf(flags, notes, note));
      return reportOf(run, flags.check === true ? await checkRun(graph, recorded, run) : undefined);
    });
  }),
});

function programRunner(flags: RunFlags, notes: InterpreterNotes, note: (line: string) => void): RunnableProgram {
  const check = flags.check === true;
  const other = interpretProgram(flags.opt, check, notes);
  return flags.target === "interp" ? other : compiledProgram(compilerOf(flags, note), { check, notes, other }, note);
}

function compilerOf({ target }: RunFlags, say: (line: string) => void): KernelCompiler {
  return new KernelCompiler({ target: target === "c" ? "fastest" : "wasm", host: nodeHost(process), say });
}

// Compiled kernels compare with the loop nest too: results of the interpreter stand beside them.
function engineOf(flags: RunFlags, notes: InterpreterNotes, note: (line: string) => void): Engine {
  const check = flags.check === true;
  const interpreted = interpreterEngine(flags.opt, check, notes);
  if (flags.target === "interp") return interpreted;
  const compiled = kernelEngine(compilerOf(flags, note));
  if (!check) return compiled;
  return async (instance, lookup) => {
    const expected = await interpreted(withFreshOutput(instance), lookup);
    const given = await compiled(instance, lookup);
    notes.compared += 1;
    if (!given.every((value, at) => Object.is(value, expected[at]))) notes.differing += 1;
    return given;
  };
}

interface Report {
  readonly file: string;
  readonly flags: RunFlags;
  readonly run: EmbeddingRun;
  readonly notes: InterpreterNotes;
  readonly checked: OutputCheck | undefined;
}

function checkRecorded({ outputs }: RecordedRun, run: EmbeddingRun): OutputCheck | undefined {
  if (outputs === undefined) return undefined;
  const tensors = (entries: EmbeddingRun["outputs"] | typeof outputs) => entries.map(({ tensor }) => tensor);
  return compareOutputs(tensors(run.outputs), tensors(outputs), "recorded outputs");
}

async function checkRun(graph: ModelGraph, recorded: RecordedRun, run: EmbeddingRun): Promise<OutputCheck | undefined> {
  if (recorded.outputs !== undefined || isNest(graph)) return checkRecorded(recorded, run);
  const given = run.outputs.map(({ tensor }) => tensor);
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
    queues: flags.target === "interp" ? { ...notes.traffic } : undefined,
    check: flags.check === true ? { ...(checked ?? {}), levels } : undefined,
  };
}

function toText({ flags, run, notes, checked }: Report): string {
  const lines = run.operations.map(({ name, result, lookups }) =>
    lookups === undefined ? `${name} ${result}` : `${name} ${result}: ${lookups} lookups`,
  );
  for (const { name, tensor } of run.outputs)
    lines.push(`${name}: ${recordedDtype(tensor.dtype)}[${tensor.shape.join(", ")}]  ${firstValues(tensor)}`);
  const { tokens, scalars, vectors, bytes } = notes.traffic;
  if (flags.target === "interp")
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
