/** What workers run: one configuration of a space of the workbench. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Config } from "@millrace/baco-tuner";
import type { JobCall, Json } from "@millrace/sweep";
import { openSpace } from "../tuning/spaces/catalogue.ts";
import type { SpaceRequest, TuningSpace } from "../tuning/spaces/tuning-space.ts";

/** The task of every job of a sweep: a space, the same on every machine. */
export interface SpaceTask {
  readonly space: Omit<SpaceRequest, "folder">;
  /** SHA-256 of each file that the space is made from, by its name. */
  readonly files: Readonly<Record<string, string>>;
}

/** The task of the space that `request` names. */
export function spaceTask({ folder, ...space }: SpaceRequest): SpaceTask {
  return { space, files: digestsOf(folder, space) };
}

// Of the last task, as all jobs of a sweep have the same.
let opened: { readonly task: string; readonly space: Promise<TuningSpace> } | undefined;

/**
 * Evaluates a configuration; files are named from the folder of the worker.
 *
 * @public Threads load this module by its address.
 */
export default async function evaluateJob({ task, input, context }: JobCall): Promise<Json> {
  const text = JSON.stringify([task, context]);
  if (opened?.task !== text) {
    opened = { task: text, space: open(task as unknown as SpaceTask, (context as { folder: string }).folder) };
  }
  const space = await opened.space;
  return (await space.evaluate(input as Config)) as Json;
}

/** Opens a space if every file that it is made from is here, and none besides: a job cannot name what its sender did not have. */
async function open({ space, files }: SpaceTask, folder: string): Promise<TuningSpace> {
  const here = digestsOf(folder, space);
  for (const name of new Set([...Object.keys(files), ...Object.keys(here)])) {
    if (here[name] === files[name]) continue;
    if (here[name] === undefined) throw new Error(`there is no file ${name} here, which the sweep is made from`);
    throw new Error(`${name} is another file here than where the sweep was begun`);
  }
  return openSpace({ ...space, folder });
}

/** The digests of all files that the subject and the inputs of a space name. */
function digestsOf(folder: string, { subject, inputs }: SpaceTask["space"]): Record<string, string> {
  const named = [subject, ...inputs.map(({ value }) => value)].flatMap(fileNames);
  return Object.fromEntries(
    named.flatMap((name): [string, string][] => {
      const digest = digestOf(resolve(folder, name));
      return digest === undefined ? [] : [[name, digest]];
    }),
  );
}

/** What of a text may be the name of a file: all of it, what stands before `#`, what stands behind a kind such as `dram:`. */
function fileNames(text: string): readonly string[] {
  const whole = text.split("#", 1)[0]!;
  return [...new Set([text, whole, whole.slice(whole.indexOf(":") + 1)])].filter((name) => name !== "");
}

/** Nothing for what is no file that can be read: the space says what it thinks of it. */
function digestOf(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return undefined;
  }
}
