/** How every document is read: JSON from bytes, then its form, then one located refusal or a value. */
import * as v from "valibot";
import { StudioError } from "../errors.ts";

/** A finite number. */
export const finite: v.GenericSchema<number> = v.pipe(v.number(), v.finite());

/** A whole number of at least 0. */
export const count: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * The value of a document that has the form of `schema`.
 *
 * @throws {StudioError} `shape` with the JSON path of the first fault
 */
export function checked<Value>(schema: v.GenericSchema<unknown, Value>, document: unknown, of: string): Value {
  const result = v.safeParse(schema, document, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  throw new StudioError("shape", `${of}: at $${path}: ${issue.message}`);
}

/**
 * The JSON document that bytes in UTF-8 hold.
 *
 * @throws {StudioError} `json`
 */
export function parseJson(bytes: Uint8Array, of: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new StudioError("json", `${of}: ${(cause as Error).message}`, { cause });
  }
}
