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
function printPath(path: JsonPath): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return text.startsWith(".") ? text.slice(1) : text || "the document";
}

function parse(source: Source, bag: DiagnosticBag): unknown {
  try {
    return JSON.parse(source.text) as unknown;
  } catch {
    const { start, wanted } = firstFault(source.text);
    const end = Math.min(start + 1, source.text.length);
    const found = start < source.text.length ? "" : ", found the end of the text";
    const message = `not JSON: expected ${wanted}${found}`;
    bag.report({ severity: "error", code: "json-syntax", message, span: { source, start, end } });
    return undefined;
  }
}

const scalar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.])|(?:true|false|null)(?!\w)/y;

/** Where a text stops to be JSON. The messages of `JSON.parse` say so only in some engines. */
function firstFault(text: string): { readonly start: number; readonly wanted: string } {
  const open: string[] = [];
  let wanted = "a value";
  for (let at = skipSpace(text, 0); ; at = skipSpace(text, at)) {
    const character = text.charAt(at);
    const closes = (character === "}" || character === "]") && open.at(-1) === character;
    if (closes && (wanted.endsWith(character) || wanted.endsWith(`'${character}'`))) {
      open.pop();
      at++;
      wanted = afterValue(open);
    } else if (wanted.startsWith("',' ") && character === "," && open.length > 0) {
      at++;
      wanted = open.at(-1) === "}" ? "a key" : "a value";
    } else if (wanted === "':'" && character === ":") {
      at++;
      wanted = "a value";
    } else if (wanted.startsWith("a key") && character === '"' && text.charAt(skipString(text, at) - 1) === '"') {
      at = skipString(text, at);
      wanted = "':'";
    } else if (wanted.startsWith("a value") && (character === "{" || character === "[")) {
      open.push(character === "{" ? "}" : "]");
      at++;
      wanted = character === "{" ? "a key or '}'" : "a value or ']'";
    } else if (wanted.startsWith("a value")) {
      scalar.lastIndex = at;
      const end = character === '"' ? skipString(text, at) : scalar.test(text) ? scalar.lastIndex : at;
      if (end === at || !isScalar(text.slice(at, end))) return { start: at, wanted };
      at = end;
      wanted = afterValue(open);
    } else return { start: at, wanted };
  }
}

const afterValue = (open: readonly string[]): string => (open.length === 0 ? "the end" : `',' or '${open.at(-1)}'`);

function isScalar(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function describeIssue(issue: v.BaseIssue<unknown>, spanOf: (path: JsonPath) => Span): Diagnostic {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  const received = issue.received.length > 60 ? `${issue.received.slice(0, 60)}…` : issue.received;
  let fault = `expected ${issue.expected}, found ${received}`;
  if (issue.type === "strict_object" && issue.expected === "never") fault = "there is no such key";
  else if (issue.type === "regex" || issue.expected === null) fault = issue.message;
  return { severity: "error", code: "json-shape", message: `${printPath(path)}: ${fault}`, span: spanOf(path) };
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
