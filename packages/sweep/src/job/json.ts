/** Plain data, and one spelling for it, so that equal data have equal text. */
import { SweepError } from "../errors.ts";

/** What travels to jobs and back: whatever JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The text of `value` with the members of objects in the order of their names.
 *
 * @throws {SweepError} `job-input` with the path of what JSON cannot say: NaN, an infinity, a function, something absent.
 *
 * @example
 * ```ts
 * canonicalJson({ b: [1, 2], a: null }); // => '{"a":null,"b":[1,2]}'
 * ```
 */
export function canonicalJson(value: Json, path = "$"): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((item: Json, at) => canonicalJson(item, `${path}[${at}]`)).join(",")}]`;
  }
  if (typeof value === "object") {
    const members = Object.entries(value as Readonly<Record<string, Json>>).sort(([a], [b]) => (a < b ? -1 : 1));
    const texts = members.map(
      ([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member, `${path}.${name}`)}`,
    );
    return `{${texts.join(",")}}`;
  }
  throw new SweepError("job-input", `${path} is ${String(value)}, which JSON cannot say`);
}
