/** Files in: bytes or a message that says why not and what to do. */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, type Stats, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { nearest } from "@millrace/ir-text";
import { MillraceError } from "../errors.ts";

const CHUNK_BYTES = 1 << 20;

/**
 * Reads a whole file.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`
 */
export function readWhole(folder: string, name: string): Uint8Array {
  const path = checkedPath(folder, name);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

/**
 * Reads a text file as UTF-8; a byte order mark is dropped, and malformed bytes become replacement characters.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`
 */
export function readText(folder: string, name: string): string {
  return new TextDecoder().decode(readWhole(folder, name));
}

/**
 * Reads a file piece by piece, for readers whose memory stays near the size of the result; `watch` is told how far it is.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`
 */
export async function* readChunks(
  folder: string,
  name: string,
  watch?: (done: number, total: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const path = checkedPath(folder, name);
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const total = fstatSync(file).size;
    for (let done = 0; ; ) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const count = readSync(file, chunk);
      if (count === 0) return;
      done += count;
      watch?.(done, total);
      yield chunk.subarray(0, count);
    }
  } catch (cause) {
    throw unreadable(name, cause);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * The path of a file that is there; says why not otherwise, with the nearest name that exists.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable` for a folder
 */
export function checkedPath(folder: string, name: string): string {
  if (name === "") throw new MillraceError("file-missing", "the name of a file is empty");
  const path = resolve(folder, name);
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw unreadable(name, cause);
  }
  if (found === undefined) {
    const similar = nearest(basename(path), siblings(dirname(path)));
    const help =
      similar === undefined
        ? undefined
        : `did you mean ${name.slice(0, name.length - basename(name).length)}${similar}?`;
    throw new MillraceError("file-missing", `no such file: ${name}`, help === undefined ? {} : { help });
  }
  if (found.isDirectory()) {
    throw new MillraceError("file-unreadable", `${name} is a folder, expected a file`, {
      help: "name a file inside it",
    });
  }
  return path;
}

function siblings(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A failure of the file system as a fault that names the file. */
export function unreadable(name: string, cause: unknown): MillraceError {
  const denied = ["EACCES", "EPERM"].includes((cause as NodeJS.ErrnoException).code ?? "");
  const reason = denied ? "permission denied" : String((cause as Error).message);
  return new MillraceError("file-unreadable", `cannot read ${name}: ${reason}`, { cause });
}
