/** The runs that a page shows: those that were named, or those that are found. */
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { BrokenRun, ListedRun, RunList } from "@millrace/studio";
import { RECORD, readRun, readView } from "./read-run.ts";

/** Folders are looked for this many levels below the current one: `out/spmv` is found, a build tree is not walked. */
const LEVELS = 2;

/** Runs of one folder to work in. */
export class RunLibrary {
  readonly #workFolder: string;
  readonly #named: readonly string[];

  /**
   * Opens runs; without names, those below the current folder, looked for again each time.
   *
   * @throws {MillraceError} or `StudioError` for a named folder that holds no run
   */
  constructor(workFolder: string, names: readonly string[]) {
    this.#workFolder = workFolder;
    const byPath = new Map(names.map((name) => [resolve(workFolder, name), name]));
    this.#named = [...byPath.values()];
    for (const name of this.#named) readRun(workFolder, name);
  }

  /** All runs as they are now. */
  list(): RunList {
    const runs: ListedRun[] = [];
    const broken: BrokenRun[] = [];
    for (const name of this.#named.length > 0 ? this.#named : found(this.#workFolder)) {
      try {
        runs.push(readRun(this.#workFolder, name));
      } catch (error) {
        broken.push({ name, fault: (error as Error).message });
      }
    }
    return { runs, broken };
  }

  /** The bytes of a view, or undefined where there is no such run or view. */
  open(runName: string, viewId: string): { readonly bytes: Uint8Array; readonly kind: string } | undefined {
    const run = this.list().runs.find(({ name }) => name === runName);
    const view = run?.record.views.find(({ id }) => id === viewId);
    if (run === undefined || view === undefined) return undefined;
    return { bytes: readView(this.#workFolder, run, view), kind: view.kind };
  }
}

function found(workFolder: string): string[] {
  const names: string[] = [];
  const look = (name: string, levels: number) => {
    if (statSync(join(workFolder, name, RECORD), { throwIfNoEntry: false })?.isFile()) names.push(name || ".");
    if (levels === 0) return;
    for (const each of folders(join(workFolder, name))) look(join(name, each), levels - 1);
  };
  look("", LEVELS);
  return names;
}

function folders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
      .map(({ name }) => name)
      .sort();
  } catch {
    // A folder that may not be looked into holds nothing for us.
    return [];
  }
}
