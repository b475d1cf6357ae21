/** Files that are being written: under a name of their process until they are complete. */
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { runs } from "./running-process.ts";

/** Where this process writes what becomes the file `path`. */
export function partialName(path: string): string {
  return `${path}.${process.pid}.partial`;
}

/** Removes what processes that were ended hard left of a file; its folder must be there. */
export function removePartials(path: string): void {
  const start = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(start) || !name.endsWith(".partial")) continue;
    const writer = name.slice(start.length, -".partial".length);
    if (/^\d+$/.test(writer) && !runs(writer)) rmSync(join(dirname(path), name), { force: true });
  }
}
