/** Files out: each is written to a temporary name beside it and renamed, so a reader never sees half of one. */
import { createWriteStream, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { MillraceError } from "../errors.ts";
import { makeFolder } from "./make-folder.ts";
import { partialName, removePartials } from "./partial.ts";

/**
 * Writes a whole file, making its folder first where it is missing; returns its path.
 *
 * @throws {MillraceError} `file-unwritable`
 */
export function writeWhole(folder: string, name: string, content: string | Uint8Array): string {
  const path = resolve(folder, name);
  const temporary = partialName(path);
  try {
    makeFolder(dirname(path));
    removePartials(path);
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (cause) {
    discard(temporary);
    throw unwritable(name, cause);
  }
  return path;
}

/**
 * Writes a file piece by piece, compressed where its name ends in `.gz`; returns its path.
 *
 * @throws {MillraceError} `file-unwritable`, and whatever the pieces throw
 */
export async function writeStream(folder: string, name: string, pieces: Iterable<Uint8Array>): Promise<string> {
  const path = resolve(folder, name);
  const temporary = partialName(path);
  try {
    makeFolder(dirname(path));
    removePartials(path);
    const source = Readable.from(pieces);
    const file = createWriteStream(temporary);
    await (path.endsWith(".gz") ? pipeline(source, createGzip(), file) : pipeline(source, file));
    renameSync(temporary, path);
  } catch (cause) {
    discard(temporary);
    throw isSystemError(cause) ? unwritable(name, cause) : cause;
  }
  return path;
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where the folder itself is no folder, nothing was left; the caller reports the first failure.
  }
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && "syscall" in cause;
}

const reasons: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EISDIR: "it is a folder",
  ENOTDIR: "part of the path is a file, not a folder",
  EEXIST: "part of the path is a file, not a folder",
};

/** A failure of the file system as a fault that names the file. */
export function unwritable(name: string, cause: unknown): MillraceError {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  return new MillraceError("file-unwritable", `cannot write ${name}: ${reasons[code] ?? message}`, { cause });
}
