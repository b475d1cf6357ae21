/** Folders, made with those around them. */
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and what is missing of those around it; one that is there is fine.
 *
 * Step by step, because Node's own recursive way tries for ever where a folder takes no folders and says so by "no such file" (/proc).
 *
 * @throws the file system's error
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const around = dirname(path);
  if (around !== path) makeFolder(around);
  try {
    mkdirSync(path);
  } catch (cause) {
    // Another thread or process may have been first.
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST" || !statSync(path).isDirectory()) throw cause;
  }
}
