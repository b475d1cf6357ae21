/** One run folder, read: its record, what changed since, and the files of its views and no others. */
import { realpathSync, type Stats, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { type ListedRun, type RunView, readRunRecord } from "@millrace/studio";
import { MillraceError } from "../errors.ts";
import { readText, readWhole } from "../files/read.ts";

/** The file that makes a folder a run. */
export const RECORD = "run.json";

/**
 * The run in a folder.
 *
 * @throws {MillraceError} `file-missing`, `file-kind`; `StudioError` for a record of another form
 */
export function readRun(workFolder: string, name: string): ListedRun {
  const folder = resolve(workFolder, name);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) throw new MillraceError("file-missing", `no such folder: ${name}`);
  if (!found.isDirectory()) {
    throw new MillraceError("file-kind", `${name} is a file, expected the folder of a run`, {
      help: "name the folder that a command kept its results in with --out",
    });
  }
  const record = readRunRecord(parsed(recordText(folder, name), `${name}/${RECORD}`), `${name}/${RECORD}`);
  return { name, record, stamps: record.views.map(({ file }) => stampOf(join(folder, file))) };
}

// What is no file, a pipe say, is not opened: reading it might never end.
function recordText(folder: string, name: string): string {
  const found = statSync(join(folder, RECORD), { throwIfNoEntry: false });
  if (found === undefined) {
    throw new MillraceError("file-missing", `${name} is no run: it has no ${RECORD}`, {
      help: "commands leave one in the folder that --out names",
    });
  }
  if (!found.isFile()) throw new MillraceError("file-kind", `${name}/${RECORD} is no file`);
  return readText(folder, RECORD);
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MillraceError("file-kind", `${name}: ${(cause as Error).message}`, { cause });
  }
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.mtimeMs} ${found.size}`;
}

/**
 * The bytes of a view's file. Links that lead out of the run's folder are not followed.
 *
 * @throws {MillraceError} `file-missing`, `file-kind`, `file-unreadable`
 */
export function readView(workFolder: string, run: ListedRun, view: RunView): Uint8Array {
  const folder = realpathSync(resolve(workFolder, run.name));
  const name = `${run.name}/${view.file}`;
  const path = realPathOf(join(folder, view.file));
  if (path === undefined) throw new MillraceError("file-missing", `no such file: ${name}`);
  const found: Stats = statSync(path);
  if (!path.startsWith(folder + sep) || !found.isFile()) {
    throw new MillraceError("file-kind", `${name} is not a file inside its run's folder`);
  }
  return readWhole(folder, path);
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
