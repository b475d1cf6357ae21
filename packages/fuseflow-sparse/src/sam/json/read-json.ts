import { type Diagnostic, DiagnosticBag, type Source, type Span } from "@millrace/ir-text";
import * as v from "valibot";

/** Keys and positions that lead from the root of a JSON text to a value. */
export type JsonPath = readonly (string | number)[];

/** A JSON text that has the shape of a schema. */
export interface JsonDocument<T> {
  readonly value: T;
  /** Where the value at `path` stands in the text, or the nearest enclosing value that is there. */
  spanOf(path: JsonPath): Span;
}

/**
 * Parses a JSON text and checks it against a schema.
 *
 * @throws {DiagnosticError} `json-syntax`, or `json-shape` for every place that the schema does not allow.
 */
export function readJson<T>(source: Source, schema: v.GenericSchema<unknown, T>): JsonDocument<T> {
  const bag = new DiagnosticBag();
  const parsed = parse(source, bag);
  bag.throwIfFailed();
  const spanOf = (path: JsonPath): Span => locate(source, path);
  const result = v.safeParse(schema, parsed);
  if (result.success) return { value: result.output, spanOf };
  for (const issue of result.issues) bag.report(describeIssue(issue, spanOf));
  bag.throwIfFailed();
  throw new RangeError("a refused value has issues");
}

/** A path as messages show it: `graph.blocks[3].ways`. */
export function printPath(path: JsonPath): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return text.startsWith(".") ? text.slice(1) : text || "the document";
}

function parse(source: Source, bag: DiagnosticBag): unknown {
  try {
    return JSON.parse(source.text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    const start = position === undefined ? source.text.length : Math.min(Number(position), source.text.length);
    const end = Math.min(start + 1, source.text.length);
    const reason = message.replace(/^JSON\.parse: /, "").replace(/ (?:in JSON )?at position[\s\S]*$/, "");
    const shown = reason.length > 80 ? `${reason.slice(0, 80)}…` : reason;
    bag.report({ severity: "error", code: "json-syntax", message: `not JSON: ${shown}`, span: { source, start, end } });
    return undefined;
  }
}

function describeIssue(issue: v.BaseIssue<unknown>, spanOf: (path: JsonPath) => Span): Diagnostic {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  const wanted = issue.expected === null || issue.type === "check" ? issue.message : `expected ${issue.expected}`;
  const received = issue.received.length > 60 ? `${issue.received.slice(0, 60)}…` : issue.received;
  const message = `${printPath(path)}: ${wanted}${issue.type === "check" ? "" : `, found ${received}`}`;
  return { severity: "error", code: "json-shape", message, span: spanOf(path) };
}

/** Walks along the text, which is known to be JSON, to the value at `path`. */
function locate(source: Source, path: JsonPath): Span {
  const { text } = source;
  let at = skipSpace(text, 0);
  for (const key of path) {
    const next = typeof key === "number" ? elementAt(text, at, key) : memberAt(text, at, key);
    if (next === undefined) break;
    at = next;
  }
  return { source, start: at, end: skipValue(text, at) };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at++;
  return at;
}

/** Offset behind the value that begins at `from`. */
function skipValue(text: string, from: number): number {
  const first = text.charAt(from);
  if (first === '"') return skipString(text, from);
  if (first !== "{" && first !== "[") {
    let at = from;
    while (at < text.length && !",]} \t\n\r".includes(text.charAt(at))) at++;
    return at;
  }
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') at = skipString(text, at) - 1;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === "\\" ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function elementAt(text: string, from: number, position: number): number | undefined {
  if (text.charAt(from) !== "[") return undefined;
  let at = skipSpace(text, from + 1);
  for (let k = 0; k < position; k++) {
    at = skipSpace(text, skipValue(text, at));
    if (text.charAt(at) !== ",") return undefined;
    at = skipSpace(text, at + 1);
  }
  return text.charAt(at) === "]" ? undefined : at;
}

function memberAt(text: string, from: number, key: string): number | undefined {
  if (text.charAt(from) !== "{") return undefined;
  let at = skipSpace(text, from + 1);
  let found: number | undefined;
  while (text.charAt(at) === '"') {
    const end = skipString(text, at);
    const name = JSON.parse(text.slice(at, end)) as string;
    at = skipSpace(text, skipSpace(text, end) + 1);
    // Of a key that is given twice, the last counts.
    if (name === key) found = at;
    at = skipSpace(text, skipValue(text, at));
    if (text.charAt(at) !== ",") break;
    at = skipSpace(text, at + 1);
  }
  return found;
}
