import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { fileKey, type Island, pageFile, withIsland } from "@millrace/studio";
import type { RunLibrary } from "./run-library.ts";

/**
 * The page with all runs inside: one file that opens from disk and asks nobody for anything.
 *
 * @throws {MillraceError} if the file of a view cannot be read
 */
export function exportPage(library: RunLibrary): string {
  const list = library.list();
  const files: Record<string, string> = {};
  for (const { name, record } of list.runs) {
    for (const { id } of record.views) {
      files[fileKey(name, id)] = Buffer.from(library.open(name, id)!.bytes).toString("base64");
    }
  }
  // A stamp says when a file was last written; here nothing changes any more, and the same runs give the same bytes.
  const runs = list.runs.map((run) => ({ ...run, stamps: run.stamps.map(() => "") }));
  const island: Island = { list: { ...list, runs }, files };
  return withIsland(readFileSync(pageFile, "utf8"), gzipSync(JSON.stringify(island), { level: 9 }).toString("base64"));
}
