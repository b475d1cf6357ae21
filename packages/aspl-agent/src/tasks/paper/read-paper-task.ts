/**
 * Tasks in the form of the paper: a YAML document with inputs, weights, functions in PyTorch, outputs, and perhaps a
 * program. Functions become formulas, by a closed grammar; nothing is executed. How outputs are computed in PyTorch
 * (`data_transform`) is not read: what is expected comes from the program, or from recorded outputs.
 *
 * Source: Zhang et al., arXiv 2502.02534, §4.4 and Figs. 15 and 18, and the task files of its program.
 */
import * as v from "valibot";
import { AsplError } from "../../errors.ts";
import { insertCopies } from "../../program/affine.ts";
import { parsePython } from "../../program/parse-python.ts";
import { readTasks } from "../read-tasks.ts";
import { describeIssue, type RawOpList } from "../schema.ts";
import type { Task } from "../task.ts";
import { bodyFormulas } from "./function-body.ts";

const text = v.pipe(v.string(), v.maxLength(65_536));
const types = v.union([text, v.pipe(v.array(text), v.minLength(1), v.maxLength(16))]);
const dims = v.pipe(v.array(text), v.maxLength(16));
const start = v.union([v.number(), v.picklist(["-inf", "inf"])]);
const documentSchema = v.object({
  test_name: text,
  global: v.optional(text, ""),
  inputs: v.array(
    v.object({
      name: text,
      dtype: text,
      dims,
      data_gen: v.optional(text),
      min: v.optional(v.number()),
      max: v.optional(v.number()),
    }),
  ),
  parameters: v.optional(v.array(v.object({ name: text, dims }))),
  fns: v.array(
    v.object({
      func_name: text,
      apply: text,
      init: v.optional(v.array(start)),
      input_dtype: types,
      output_dtype: types,
    }),
  ),
  outputs: v.array(v.object({ dtype: text, dims })),
  impl: v.optional(v.nullable(text)),
});

type PaperDocument = v.InferOutput<typeof documentSchema>;

/** The sizes that the paper's program gives to symbols. */
const sizes = { M: 5, N: 7, K: 9, D: 16 };
const generators: Readonly<Record<string, string>> = {
  "torch.rand": "uniform01",
  "torch.randn": "normal",
  "torch.ones": "ones",
};
const modules: Readonly<Record<string, string>> = {
  "torch.nn.Softmax(dim=-1)": "softmax",
  "torch.nn.GELU()": "gelu",
  "torch.nn.SiLU()": "silu",
  "torch.nn.Sigmoid()": "sigmoid",
  "torch.nn.ReLU()": "relu",
  "torch.nn.Tanh()": "tanh",
};

/** A task, and the JSON that a file would have of it. */
export interface PaperTask {
  readonly task: Task;
  readonly json: object;
}

/**
 * The task of a parsed document; its program, if it has one, becomes the reference, with Copies where streams are read
 * twice.
 *
 * @throws {AsplError} `task` with the place of what is not read.
 */
export function readPaperTask(document: unknown): PaperTask {
  const read = v.safeParse(documentSchema, document, { abortEarly: true });
  if (!read.success) throw new AsplError("task", describeIssue(read.issues[0]));
  const paper = read.output;
  const { experts, functions } = readGlobal(paper.global);
  const params = new Map((paper.parameters ?? []).map(({ name, dims: axes }) => [name, axes.length] as const));
  const reference = inside("impl", () => referenceOf(paper));
  const json = {
    id: paper.test_name,
    dims: sizes,
    experts,
    inputs: paper.inputs.map((input, at) => inside(`inputs[${at}]`, () => inputOf(input))),
    params: (paper.parameters ?? []).map(({ name, dims: shape }) => ({ name, shape })),
    fns: paper.fns.map((fn, at) =>
      inside(`fns[${at}] (${fn.func_name})`, () => ({
        name: fn.func_name,
        kind: fn.init === undefined ? "map" : "fold",
        in: typesOf(fn.input_dtype),
        out: typesOf(fn.output_dtype),
        ...(fn.init !== undefined && { init: fn.init }),
        expr: bodyFormulas(fn.apply, { functions, params }),
      })),
    ),
    outputs: paper.outputs.map(({ dtype, dims: shape }, at) =>
      inside(`outputs[${at}]`, () => ({ elem: typeOf(dtype), shape })),
    ),
    ...(reference !== undefined && { reference }),
  };
  const [task] = readTasks(json);
  return { task: task as Task, json };
}

function referenceOf({ impl, inputs }: PaperDocument): RawOpList | undefined {
  if (impl === undefined || impl === null || !/\breturn\b/.test(impl)) return undefined;
  const names = inputs.map(({ name }) => name);
  const parsed = parsePython(impl, names);
  if ("fault" in parsed) throw new AsplError("task", parsed.fault.message);
  const { ops, returns } = insertCopies(parsed.program, "strict", names);
  return { ops, ret: returns };
}

function readGlobal(statements: string): { experts: number | null; functions: ReadonlyMap<string, string> } {
  let experts: number | null = null;
  const functions = new Map<string, string>();
  for (const line of statements.split("\n").map((statement) => statement.trim())) {
    const [, name = "", value = ""] = /^([\w[\]]+)\s*=\s*(.+)$/.exec(line) ?? [];
    const known = modules[value];
    if (line === "" || line.startsWith("#") || line === "ctx[E] = E_value") continue;
    if (name === "E_value" && /^\d+$/.test(value)) experts = Number(value);
    else if (known !== undefined) functions.set(name, known);
    else
      throw new AsplError("task", `global: '${line}' is not read; E_value and ${Object.keys(modules).join(", ")} are`);
  }
  return { experts, functions };
}

function inputOf({ name, dtype, dims: shape, data_gen, min, max }: PaperDocument["inputs"][number]): object {
  const stream = { name, elem: typeOf(dtype), shape };
  if (dtype.startsWith("Multihot")) return { ...stream, gen: "multihot", minOnes: min, maxOnes: max };
  const gen = generators[data_gen ?? ""];
  if (gen === undefined)
    throw new AsplError(
      "task",
      `data_gen: expected ${Object.keys(generators).join(", ")}, not '${data_gen ?? "nothing"}'`,
    );
  return { ...stream, gen };
}

function typesOf(given: string | readonly string[]): object | string {
  if (typeof given === "string") return typeOf(given);
  return given.length === 1 ? typeOf(given[0]!) : { tuple: given.map(typeOf) };
}

/** `fp32`, `Multihot(fp32, E)`, `Buffer(TYPE, [D, N])`. */
function typeOf(given: string): object | string {
  if (given === "fp32") return "f32";
  const [, choice] = /^Multihot\(\s*fp32\s*,\s*(\w+)\s*\)$/.exec(given) ?? [];
  if (choice !== undefined) return { multihot: choice };
  const [, inner, axes] = /^Buffer\((.*),\s*\[([\w\s,]*)\]\s*\)$/.exec(given) ?? [];
  if (inner === undefined || axes === undefined)
    throw new AsplError(
      "task",
      `'${given.slice(0, 80)}' is no type: fp32, Multihot(fp32, E) and Buffer(fp32, [D]) are`,
    );
  const symbols = axes.split(",").map((axis) => axis.trim());
  return { buffer: typeOf(inner.trim()), dims: symbols.filter((axis) => axis !== "") };
}

function inside<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AsplError)) throw error;
    throw new AsplError(error.code, `${place}: ${error.message}`, { cause: error });
  }
}
