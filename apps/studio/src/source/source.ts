/** Where the page gets runs from: the server it came from, or itself. */
import type { ListedRun, RunList } from "../run/run-list.ts";
import type { RunView } from "../run/run-record.ts";
import { inlinedSource } from "./inlined-source.ts";
import { servedSource } from "./served-source.ts";

/** A place that has runs. */
export interface Source {
  /** Whether runs may still change, so that asking again is worth it. */
  readonly live: boolean;
  list(): Promise<RunList>;
  /** The bytes of a view's file. */
  open(run: ListedRun, view: RunView): Promise<Uint8Array>;
}

/** The source of this page: what stands in it, or else the server it came from. */
export function sourceOf(page: Document): Source {
  const island = page.getElementById("runs");
  return island === null ? servedSource(page.baseURI) : inlinedSource(island.textContent ?? "");
}
