/** A text: a program, a kernel, a log. */
import * as v from "valibot";
import { checked } from "../read/checked.ts";

/** A text and what it is written in (`wat`, `c`, `step`, ...), where that is known. */
export interface TextView {
  readonly text: string;
  readonly language?: string;
}

const schema = v.object({ text: v.string(), language: v.exactOptional(v.string()) });

/**
 * A text from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readTextView(document: unknown): TextView {
  return checked(schema, document, "text");
}
