/** Values from outside, checked against a schema; the first fault names its place. */
import * as v from "valibot";
import { SieveError, type SieveErrorCode } from "./errors.ts";

/**
 * Returns `value` if it fits `schema`.
 *
 * @throws {SieveError} `code` with the path of the first fault.
 */
export function checked<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  fault: { readonly code: SieveErrorCode; readonly of: string },
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue) ?? "";
  const where = path === "" ? fault.of : `${fault.of}: ${path}`;
  throw new SieveError(fault.code, `${where}: ${faultText(issue)}`, { path });
}

/** A key that is not there has no value to speak of. */
function faultText({ type, received, message }: v.BaseIssue<unknown>): string {
  if (received === "undefined" && type.endsWith("object")) return "this key is missing";
  return decapitalised(message);
}

function decapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A finite number above 0. */
export const positive: v.GenericSchema<number> = v.pipe(v.number(), v.finite(), v.gtValue(0, "must be above 0"));

/** A finite number, 0 or above. */
export const amount: v.GenericSchema<number> = v.pipe(v.number(), v.finite(), v.minValue(0, "must be 0 or above"));

/** A number from 0 to 1. */
export const share: v.GenericSchema<number> = v.pipe(
  v.number(),
  v.minValue(0, "must be from 0 to 1"),
  v.maxValue(1, "must be from 0 to 1"),
);

const integer = v.pipe(v.number(), v.safeInteger("must be an integer"), v.maxValue(2 ** 31, "is above 2^31"));

/** An integer from 1 to 2^31. */
export const count: v.GenericSchema<number> = v.pipe(integer, v.minValue(1, "must be at least 1"));

/** An integer from 0 to 2^31. */
export const countOrZero: v.GenericSchema<number> = v.pipe(integer, v.minValue(0, "must be at least 0"));
