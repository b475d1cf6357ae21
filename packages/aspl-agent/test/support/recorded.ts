/** The recorded tasks, sets and verdicts. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type ExpectedSet, readGolden, readTasks, type Task } from "../../src/index.ts";

function read(name: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(new URL(`../data/${name}.json.gz`, import.meta.url))).toString("utf8"));
}

/** All recorded tasks. */
export const tasks: readonly Task[] = readTasks(read("tasks"));

/** The recorded tasks as their file has them. */
export const rawTasks = (read("tasks") as { readonly tasks: readonly Record<string, unknown>[] }).tasks;

/** The task of a name. */
export function taskOf(id: string): Task {
  return tasks.find((task) => task.id === id)!;
}

const golden = (read("golden") as { readonly files: readonly { readonly id: string }[] }).files;

/** The recorded sets of a task. */
export function goldenOf(task: Task): readonly ExpectedSet[] {
  return readGolden(
    golden.find(({ id }) => id === task.id),
    task,
  );
}

/** A recorded program with the verdict of the published verifier. */
export interface RecordedProgram {
  readonly src: string;
  readonly verdict: "ok" | "affine" | "numeric" | "outputType" | "opError";
  readonly at?: number;
  readonly strictAffine: boolean;
}

/** The recorded programs of each task. */
export const corpus = (
  read("verdicts") as {
    readonly files: readonly { readonly task: string; readonly programs: readonly RecordedProgram[] }[];
  }
).files;
