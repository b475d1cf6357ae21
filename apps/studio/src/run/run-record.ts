/** `run.json`: what a run was, and which views it left in its folder. */
import * as v from "valibot";
import { StudioError } from "../errors.ts";
import { checked } from "../read/checked.ts";

const FORMAT = "millrace-run-1";

/** One view of a run. */
export interface RunView {
  /** Unique in the run; views of a stage are called `STAGE/NAME`. */
  readonly id: string;
  /** One of the kinds of {@link ViewDocuments}, or one that this version does not know yet. */
  readonly kind: string;
  readonly title: string;
  /** Its file, relative to the run's folder and inside it. */
  readonly file: string;
}

/** What `run.json` says. */
export interface RunRecord {
  readonly format: "millrace-run-1";
  readonly title: string;
  /** The command line, word by word. */
  readonly command: readonly string[];
  /** The version of Millrace that ran it. */
  readonly version: string;
  readonly views: readonly RunView[];
}

/** Whether a file name stays inside the folder it is relative to, on every system. */
export function staysInside(file: string): boolean {
  return file !== "" && !/[\\:\0]/.test(file) && file.split("/").every((part) => !["", ".", ".."].includes(part));
}

const view = v.object({
  id: v.pipe(v.string(), v.minLength(1, "must not be empty")),
  kind: v.string(),
  title: v.string(),
  file: v.pipe(v.string(), v.check(staysInside, "must be a file inside the run's folder, with forward slashes")),
});

const schema = v.object({
  format: v.literal(FORMAT),
  title: v.string(),
  command: v.array(v.string()),
  version: v.string(),
  views: v.pipe(
    v.array(view),
    v.check((views) => new Set(views.map(({ id }) => id)).size === views.length, "two views have one id"),
  ),
});

/**
 * A run's record from a parsed JSON document; `of` is what messages call it.
 *
 * @throws {StudioError} `shape`; a record of another format is told as such
 */
export function readRunRecord(document: unknown, of = "run.json"): RunRecord {
  const { format } = (document ?? {}) as { readonly format?: unknown };
  if (typeof format === "string" && format !== FORMAT) {
    throw new StudioError(
      "shape",
      `${of}: at $.format: this is ${JSON.stringify(format.slice(0, 40))}, and this version reads ${FORMAT}; run its command again`,
    );
  }
  return checked(schema, document, of);
}
