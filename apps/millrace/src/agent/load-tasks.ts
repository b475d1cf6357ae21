/** Tasks of agents, from files or from those that come with the program. */
import { fileURLToPath } from "node:url";
import { AsplError, type ExpectedSet, readGolden, readTasks, type Task } from "@millrace/aspl-agent";
import { nearest } from "@millrace/ir-text";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";
import { alternatives } from "../terminal/wording.ts";

/** The file of the tasks that come with the program. */
export const ownTasks: string = fileURLToPath(new URL("../../presets/agent/tasks.json", import.meta.url));

/**
 * The tasks of a file: one task, a list, or an object with `tasks`.
 *
 * @throws {MillraceError} `file-kind` if it is no JSON
 * @throws {AsplError} `task` with the JSON path of what is wrong
 */
export function loadTasks(folder: string, name: string): readonly Task[] {
  return inFile(name, () => readTasks(parseJson(folder, name)));
}

/** The one task of a file, or the one called `id`. */
export function loadTask(folder: string, name: string, id: string | undefined): Task {
  const tasks = loadTasks(folder, name);
  if (id === undefined && tasks.length === 1) return tasks[0]!;
  const found = tasks.find((task) => task.id === id);
  if (found !== undefined) return found;
  const ids = tasks.map((task) => task.id);
  if (id === undefined) {
    const help = `choose one with --task: ${alternatives(ids)}`;
    throw new MillraceError("argument", `${name} holds ${tasks.length} tasks`, { help });
  }
  const close = nearest(id, ids);
  const help = close === undefined ? `it has ${alternatives(ids)}` : `did you mean ${close}?`;
  throw new MillraceError("argument", `${name} has no task ${id}`, { help });
}

/** Recorded inputs and outputs of a task. @throws {AsplError} `tensor-sets` if they are not those of the task. */
export function loadGolden(folder: string, name: string, task: Task): readonly ExpectedSet[] {
  return inFile(name, () => readGolden(parseJson(folder, name), task));
}

function parseJson(folder: string, name: string): unknown {
  try {
    return JSON.parse(readText(folder, name));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new MillraceError("file-kind", `${name} is no JSON: ${cause.message}`, { cause });
  }
}

function inFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof AsplError)) throw cause;
    throw new AsplError(cause.code, `${name}: ${cause.message}`, { cause });
  }
}
