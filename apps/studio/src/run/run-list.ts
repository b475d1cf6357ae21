/** The runs that a page shows, as its server or the file it stands in lists them. */
import * as v from "valibot";
import { checked } from "../read/checked.ts";
import { type RunRecord, readRunRecord } from "./run-record.ts";

/** One run of a list. */
export interface ListedRun {
  /** The folder as the user named it; unique in the list. */
  readonly name: string;
  readonly record: RunRecord;
  /** One text for each view, which changes when the view's file does. */
  readonly stamps: readonly string[];
}

/** A folder whose run cannot be shown, and why. */
export interface BrokenRun {
  readonly name: string;
  readonly fault: string;
}

/** What there is to show. */
export interface RunList {
  readonly runs: readonly ListedRun[];
  readonly broken: readonly BrokenRun[];
}

const schema = v.object({
  runs: v.array(v.object({ name: v.string(), record: v.unknown(), stamps: v.array(v.string()) })),
  broken: v.array(v.object({ name: v.string(), fault: v.string() })),
});

/**
 * A list of runs from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readRunList(document: unknown): RunList {
  const { runs, broken } = checked(schema, document, "list of runs");
  return { runs: runs.map((run) => ({ ...run, record: readRunRecord(run.record) })), broken };
}
