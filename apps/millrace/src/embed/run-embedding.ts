/** Runs a model or a loop nest with recorded inputs on one of the targets. */
import {
  type Engine,
  isNest,
  type Lookup,
  type Memory,
  memoryFrom,
  nameOfOperation,
  type Operation,
  type Program,
  type RaisedNest,
  raise,
  raiseNest,
  runModel,
  storedArguments,
  valuesOf,
} from "@millrace/ember-dae";
import type { ModelGraph, ModelTensor } from "@millrace/model-import";
import { MillraceError } from "../errors.ts";
import type { RunnableProgram } from "./engines.ts";
import type { NamedTensor, RecordedRun } from "./recorded-tensors.ts";

/** What came out of a run. */
export interface EmbeddingRun {
  readonly outputs: readonly { readonly name: string; readonly tensor: ModelTensor }[];
  /** The operations that ran, in order. */
  readonly operations: readonly { readonly name: string; readonly result: string; readonly lookups?: number }[];
}

/** Runs all operations of a model; what is around them is evaluated. */
export async function runEmbedding(graph: ModelGraph, recorded: RecordedRun, engine: Engine): Promise<EmbeddingRun> {
  const raised = raise(graph);
  if (raised.lookups.length === 0) {
    throw new MillraceError("argument", `${graph.source.file} has no embedding operation`, {
      help: "millrace model run evaluates any model",
    });
  }
  const ran: { name: string; result: string; lookups: number }[] = [];
  const counting: Engine = (instance, lookup: Lookup) => {
    const operation: Operation = instance.operation;
    const ids = instance.memories[operation.kind === "gather" ? 0 : 1];
    ran.push({ name: nameOfOperation(operation), result: lookup.result, lookups: ids?.array.length ?? 0 });
    return engine(instance, lookup);
  };
  const tensors = await runModel(raised, namedInputs(graph, recorded), counting);
  const outputs = tensors.map((tensor, place) => ({ name: graph.outputNames[place] ?? String(place), tensor }));
  return { outputs, operations: ran };
}

/** Inputs by the name the model has for them; those without a name by their place. */
export function namedInputs(graph: ModelGraph, { inputs, params }: RecordedRun): Record<string, ModelTensor> {
  const named = inputs.map(({ name, tensor }, place) => [name ?? graph.inputNames[place] ?? String(place), tensor]);
  return Object.fromEntries([...params.map(({ name, tensor }) => [name ?? "", tensor]), ...named]);
}

/** Whether a model is a loop nest that runs as it is. */
export { isNest };

/** Runs a loop nest over memories; a descriptor of a sparse tensor is given as its number of rows. */
export function runNest(graph: ModelGraph, recorded: RecordedRun, run: RunnableProgram): EmbeddingRun {
  return runOn(raiseNest(graph), recorded, run);
}

/** Runs a program of any level; its arguments have no names, so inputs go by their place. */
export function runProgram(program: Program, { inputs, ...rest }: RecordedRun, run: RunnableProgram): EmbeddingRun {
  const { args } = program.body;
  const names = args.map((_, place) => inputs[place]?.name ?? `argument ${place}`);
  const outputs = storedArguments(program);
  const byPlace = inputs.map((entry, place) => ({ ...entry, name: names[place] }));
  return runOn({ program, inputs: names, outputs }, { ...rest, inputs: byPlace }, run);
}

function runOn(nest: RaisedNest, recorded: RecordedRun, run: RunnableProgram): EmbeddingRun {
  const given = new Map(recorded.inputs.map((entry, place) => [entry.name ?? nest.inputs[place], entry]));
  const memories = nest.inputs.map((name, place) => {
    const entry = given.get(name);
    const type = nest.program.body.args[place]?.type ?? "";
    if (entry === undefined) {
      throw new MillraceError("operand-missing", `input ${name} (${type}) is not given`, {
        help: `the program takes ${nest.inputs.join(", ")}`,
      });
    }
    return type === "index" ? (entry.tensor.values[0] ?? 0) : memoryOf(type, entry);
  });
  run(nest.program, memories);
  const outputs = nest.outputs.map((place) => {
    const memory = memories[place] as Memory;
    const dtype = memory.element === "index" ? "i64" : memory.element;
    return { name: nest.inputs[place] ?? "", tensor: { dtype, shape: memory.shape, values: valuesOf(memory) } };
  });
  return { outputs, operations: [{ name: nest.program.name, result: outputs[0]?.name ?? "" }] };
}

function memoryOf(type: string, { tensor }: NamedTensor): Memory {
  const element = /(\w+)>$/.exec(type)?.[1]?.replace(/^.*x(?=[a-z])/, "") ?? "f32";
  return memoryFrom(element as Memory["element"], tensor.shape, tensor.values);
}
