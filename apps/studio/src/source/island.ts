/** Runs inside the page: what an exported file holds beside the page itself. */
import * as v from "valibot";
import { checked, parseJson } from "../read/checked.ts";
import { type RunList, readRunList } from "../run/run-list.ts";

/** Everything that an exported page shows. */
export interface Island {
  readonly list: RunList;
  /** The file of each view in base64, by {@link fileKey}. */
  readonly files: Readonly<Record<string, string>>;
}

/** The key of a view's file in an {@link Island}. */
export function fileKey(run: string, view: string): string {
  return JSON.stringify([run, view]);
}

const schema = v.object({ list: v.unknown(), files: v.record(v.string(), v.string()) });

/**
 * The island that bytes of JSON hold.
 *
 * @throws {StudioError} `json`, `shape`
 */
export function readIsland(bytes: Uint8Array): Island {
  const { list, files } = checked(schema, parseJson(bytes, "exported runs"), "exported runs");
  return { list: readRunList(list), files };
}

/** `page` with an island in it: the island's JSON, gzipped, in base64. Nothing in the page runs it. */
export function withIsland(page: string, island: string): string {
  const end = page.lastIndexOf("</body>");
  return `${page.slice(0, end)}<script type="application/gzip" id="runs">${island}</script>\n${page.slice(end)}`;
}
