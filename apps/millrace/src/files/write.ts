/** Files out: each is written to a temporary name beside it and renamed, so a reader never sees half of one. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { MillraceError } from "../errors.ts";

/**
 * Writes a whole file, making its folder first where it is missing.
 *
 * @throws {MillraceError} `file-unwritable`
 */
export function writeWhole(folder: string, name: string, content: string | Uint8Array): string {
  const path = resolve(folder, name);
  const temporary = `${path}.${process.pid}.partial`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (cause) {
    discard(temporary);
    throw unwritable(name, cause);
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

function unwritable(name: string, cause: unknown): MillraceError {
  const code = (cause as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "the file system is read-only",
    ENOSPC: "the disk is full",
    EISDIR: "it is a folder",
    ENOTDIR: "part of the path is a file, not a folder",
    EEXIST: "part of the path is a file, not a folder",
  };
  const reason = (code !== undefined && reasons[code]) || String((cause as Error).message);
  return new MillraceError("file-unwritable", `cannot write ${name}: ${reason}`, { cause });
}
