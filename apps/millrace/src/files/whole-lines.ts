/** The lines of a file that is appended to, as one that may have been killed left it. */
import { existsSync, readFileSync, truncateSync } from "node:fs";

/** The whole lines of a file, and nothing if there is none; a torn last one is cut off it, so that what is appended starts a line. */
export function wholeLines(path: string): string {
  if (!existsSync(path)) return "";
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf("\n") + 1;
  if (end < bytes.length) truncateSync(path, end);
  return bytes.toString("utf8", 0, end);
}
