/** Tasks of agents, from files (JSON, or YAML in the paper's form) or from those that come with the program. */
import { fileURLToPath } from "node:url";
import { AsplError, type ExpectedSet, readGolden, readPaperTask, readTasks, type Task } from "@millrace/aspl-agent";
import { DiagnosticError, nearest } from "@millrace/ir-text";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";
import { readYaml } from "../files/yaml-text.ts";
import { alternatives } from "../terminal/wording.ts";

/** The file of the tasks that come with the program. */
export const ownTasks: string = fileURLToPath(new URL("../../presets/agent/tasks.json", import.meta.url));

/**
 * The tasks of a file: one task, a list, or an object with `tasks`; or one in the paper's form, if it is YAML.
 *
 * @throws {MillraceError} `file-kind` if it is no JSON
 * @throws {DiagnosticError} if it is no YAML
 * @throws {AsplError} `task` with the path of what is wrong
 */
export function loadTasks(folder: string, name: string): readonly Task[] {
  return inFile(name, () => readTasks(isYaml(name) ? paperTask(folder, name) : parseJson(folder, name)));
}

/** A task file as JSON text: as it is written, or what its YAML says. */
export function taskText(folder: string, name: string): string {
  return isYaml(name) ? `${JSON.stringify(inFile(name, () => paperTask(folder, name)))}\n` : readText(folder, name);
}

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);

/** Names that stand for nodes are followed so often at most. */
const mostAliases = 100;

function paperTask(folder: string, name: string): object {
  const read = readYaml({ name, text: readText(folder, name) }, { code: "file-kind", what: "a task" });
  if ("faults" in read) throw new DiagnosticError(read.faults);
  let document: unknown;
  try {
    document = read.document.toJS({ maxAliasCount: mostAliases });
  } catch (cause) {
    throw new MillraceError("file-kind", `${name} is no task: ${(cause as Error).message}`, { cause });
  }
  return readPaperTask(document).json;
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
