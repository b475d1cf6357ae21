/** What workers run: one configuration of a space of the workbench. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Config } from "@millrace/baco-tuner";
import type { JobCall, Json } from "@millrace/sweep";
import { openSpace } from "../tuning/spaces/catalogue.ts";
import type { SpaceRequest, TuningSpace } from "../tuning/spaces/tuning-space.ts";

/** The task of every job of a sweep: a space, the same on every machine. */
export interface SpaceTask {
  readonly space: Omit<SpaceRequest, "folder">;
  /** SHA-256 of each file that an input names, by the name of the input. */
  readonly files: Readonly<Record<string, string>>;
}

/** The task of the space that `request` names. */
export function spaceTask({ folder, ...space }: SpaceRequest): SpaceTask {
  const files = space.inputs.flatMap(({ name, value }): [string, string][] => {
    const digest = digestOf(folder, value);
    return digest === undefined ? [] : [[name, digest]];
  });
  return { space, files: Object.fromEntries(files) };
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

async function open({ space, files }: SpaceTask, folder: string): Promise<TuningSpace> {
  for (const { name, value } of space.inputs) {
    const expected = files[name];
    if (expected === undefined) continue;
    const found = digestOf(folder, value);
    if (found === undefined) throw new Error(`there is no file ${value} here, which the sweep reads as ${name}`);
    if (found !== expected) throw new Error(`${value} is another file here than where the sweep was begun`);
  }
  return openSpace({ ...space, folder });
}

/** The digest of the file that an input names; `FILE#PART` names one too. */
function digestOf(folder: string, value: string): string | undefined {
  const path = resolve(folder, value.split("#", 1)[0]!);
  if (!existsSync(path)) return undefined;
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    // A folder, or what may not be read: the space says what it thinks of it.
    return undefined;
  }
}
