/** Reads task files: one task, a list of tasks, or a file `{"format": "aspl-tasks/1", "tasks": [...]}`. */
import * as v from "valibot";
import { AsplError } from "../errors.ts";
import { compileFn } from "../formula/compile.ts";
import { multiplyDims, sizeOf } from "../program/dim.ts";
import { type Elem, leavesOf } from "../program/element-type.ts";
import { fromRawOps } from "../program/read-op-list.ts";
import { describeIssue, taskSchema } from "./schema.ts";
import type { Task } from "./task.ts";

/**
 * The tasks of parsed JSON, checked: symbols have sizes, functions fit their types, names are unique.
 *
 * @throws {AsplError} `task` with the JSON path of what is wrong and what was expected there.
 */
export function readTasks(json: unknown): readonly Task[] {
  const { list, path } = listOf(json);
  if (list.length === 0) throw new AsplError("task", "the file holds no task");
  const tasks = list.map((entry, index) => readTask(entry, path === undefined ? "" : `${path}[${index}]`));
  const seen = new Set<string>();
  for (const { id } of tasks) {
    if (seen.has(id)) throw new AsplError("task", `the task '${id}' stands twice in the file`);
    seen.add(id);
  }
  return tasks;
}

function listOf(json: unknown): { readonly list: readonly unknown[]; readonly path: string | undefined } {
  if (Array.isArray(json)) return { list: json, path: "" };
  if (typeof json === "object" && json !== null && "tasks" in json) {
    const { tasks } = json;
    if (!Array.isArray(tasks)) throw new AsplError("task", "tasks: expected a list of tasks");
    return { list: tasks, path: "tasks" };
  }
  return { list: [json], path: undefined };
}

function readTask(json: unknown, path: string): Task {
  const refuse = (message: string): never => {
    throw new AsplError("task", path === "" ? message : `${path}: ${message}`);
  };
  const read = v.safeParse(taskSchema, json, { abortEarly: true });
  if (!read.success) return refuse(describeIssue(read.issues[0]));
  const { reference, experts, dims, ...rest } = read.output;
  const sizes = experts !== null && !Object.hasOwn(dims, "E") ? { ...dims, E: experts } : dims;
  let program: Task["reference"];
  if (reference !== undefined) {
    const made = fromRawOps(reference);
    if ("fault" in made) return refuse(`reference: ${made.fault.message}`);
    program = made.program;
  }
  const inputs = rest.inputs.map((input) => ({ ...input, elem: normal(input.elem), shape: input.shape.map(spell) }));
  const fns = rest.fns.map((fn) => ({ ...fn, in: normal(fn.in), out: normal(fn.out) }));
  const outputs = rest.outputs.map(({ elem, shape }) => ({ elem: normal(elem), shape: shape.map(spell) }));
  const params = rest.params.map(({ name, shape }) => ({ name, shape: shape.map(spell) }));
  const task: Task = { ...rest, inputs, params, fns, outputs, dims: sizes, experts, reference: program };
  checkTask(task, refuse);
  return task;
}

const spell = (dim: string): string => multiplyDims(...dim.split("*"));

/** The same type with its dims spelled in order, blocks of blocks as one, and tuples flat. */
function normal(elem: Elem): Elem {
  if (elem === "f32") return elem;
  if ("multihot" in elem) return { multihot: spell(elem.multihot) };
  if ("tuple" in elem) {
    const parts = elem.tuple.flatMap((part) => {
      const inner = normal(part);
      return typeof inner === "object" && "tuple" in inner ? inner.tuple : [inner];
    });
    return parts.length === 1 ? parts[0]! : { tuple: parts };
  }
  const inner = normal(elem.buffer);
  const dims = elem.dims.map(spell);
  if (dims.length === 0) return inner;
  return typeof inner === "object" && "buffer" in inner
    ? { buffer: inner.buffer, dims: [...inner.dims, ...dims] }
    : { buffer: inner, dims };
}

function checkTask(task: Task, refuse: (message: string) => never): void {
  const names = new Set<string>();
  for (const { name } of [...task.inputs, ...task.fns, ...task.params]) {
    if (names.has(name)) refuse(`the name '${name}' is given twice`);
    names.add(name);
  }
  const shapes = [
    ...task.inputs.map(({ name, shape }) => [`the input '${name}'`, shape] as const),
    ...task.params.map(({ name, shape }) => [`the parameter '${name}'`, shape] as const),
    ...task.outputs.map(({ shape }, index) => [`output ${index}`, shape] as const),
    ...[...task.inputs, ...task.outputs].map(({ elem }) => ["an element type", dimsOf(elem)] as const),
    ...task.fns.flatMap((fn) => [fn.in, fn.out].map((elem) => [`the function '${fn.name}'`, dimsOf(elem)] as const)),
  ];
  for (const [what, dims] of shapes) {
    const unknown = dims.find((dim) => sizeOf(dim, task.dims) === undefined);
    if (unknown !== undefined) refuse(`${what} has an axis '${unknown}', and dims gives it no size`);
  }
  for (const input of task.inputs) {
    const chooses = leavesOf(input.elem).some((leaf) => leaf.multihot);
    if (chooses !== (input.gen === "multihot")) {
      refuse(`the input '${input.name}' needs "gen": "multihot" exactly if its element is a multihot choice`);
    }
    if (input.gen === "multihot" && input.minOnes > input.maxOnes) {
      refuse(`the input '${input.name}' has minOnes ${input.minOnes} above maxOnes ${input.maxOnes}`);
    }
  }
  // Compiling is the check: unknown names, wrong shapes and wrong counts of formulas have no code.
  for (const fn of task.fns) {
    try {
      compileFn(fn, { sizes: task.dims, params: task.params });
    } catch (error) {
      if (!(error instanceof AsplError)) throw error;
      refuse(`the function '${fn.name}': ${error.message}`);
    }
  }
}

const dimsOf = (elem: Elem): readonly string[] => leavesOf(elem).flatMap(({ dims }) => dims);
