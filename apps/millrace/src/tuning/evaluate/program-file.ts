/** Whether a program can be started at all: found before a study begins, not once for each of its evaluations. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { Host } from "../../cli/host.ts";
import { MillraceError } from "../../errors.ts";

/**
 * Looks for a program as the system does: a name with a slash in the folder, any other along PATH, where there is one.
 *
 * @throws {MillraceError} `argument` if there is none.
 */
export function checkProgram(name: string, { folder, environment }: Pick<Host, "folder" | "environment">): void {
  if (!name.includes("/") && environment.PATH === undefined) return;
  const places = name.includes("/")
    ? [resolve(folder, name)]
    : environment.PATH!.split(delimiter).map((place) => join(resolve(folder, place), name));
  if (places.some(isProgram)) return;
  const found = places.find(isFile);
  if (found !== undefined)
    throw new MillraceError("argument", `--command names ${name}, which cannot be executed`, {
      help: `make it executable (chmod +x ${name}), or name the program that reads it`,
    });
  throw new MillraceError("argument", `--command names ${name}, but there is no such program`, {
    help: name.includes("/") ? `paths are relative to ${folder}` : `write ./${name} for a program in this folder`,
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
