/**
 * Faults in a space or a scenario: collected, each with its place, and printed in one form.
 *
 * A fault first knows only which field it is about (`path`) and, inside a text field, which characters
 * (`span`); where the field came from a file, the reader of that file adds line and column.
 */

/** What kind of fault it is; closed, for programs to switch on. */
export type FaultCode =
  | "json"
  | "field"
  | "type"
  | "value"
  | "parameter"
  | "duplicate"
  | "default"
  | "prior"
  | "dependency"
  | "constraint"
  | "empty-space"
  | "ignored"
  | "assumed";

/** A place in a text: line and column count from 1, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** The whole line, shortened around the place where it is long. */
  readonly excerpt: string;
  /** Where the place lies in `excerpt`, from 0, and how many characters it covers. */
  readonly caret: number;
  readonly length: number;
}

/** One fault. An error forbids the use of the text; a warning says how it was understood. */
export interface Fault {
  readonly severity: "error" | "warning";
  readonly code: FaultCode;
  readonly message: string;
  /** The field, such as `input_parameters.tile.constraints[0]`. */
  readonly path: string;
  /** Characters inside the text of the field: start, and end exclusive. */
  readonly span?: readonly [start: number, end: number];
  readonly place?: Place;
  readonly help?: string;
}

const widest = 100;

/** The place of the characters `start` to `end` of `text`. */
export function placeIn(text: string, start: number, end: number): Place {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", start);
  const lineEnd = newline < 0 ? text.length : newline;
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < lineStart; at = text.indexOf("\n", at + 1)) line += 1;
  const from = start - lineStart > widest - 20 ? start - 40 : lineStart;
  const excerpt = text.slice(from, Math.min(lineEnd, from + widest)).replaceAll(/[\t\r]/g, " ");
  const length = Math.max(1, Math.min(end, lineEnd, from + widest) - start);
  return { line, column: start - lineStart + 1, excerpt, caret: start - from, length };
}

function renderFault(fault: Fault, name: string): string {
  const { place } = fault;
  const where = place === undefined ? name : `${name}:${place.line}:${place.column}`;
  const lines = [`${where}: ${fault.severity}: ${fault.path === "" ? "" : `${fault.path}: `}${fault.message}`];
  if (place !== undefined) {
    const gutter = String(place.line).length;
    lines.push(`  ${place.line} | ${place.excerpt}`);
    lines.push(`  ${" ".repeat(gutter)} | ${" ".repeat(place.caret)}${"^".repeat(place.length)}`);
  }
  if (fault.help !== undefined) lines.push(`  help: ${fault.help}`);
  return lines.join("\n");
}

/** All faults as text, at most 20 of them; `name` is what to call the text they are in. */
export function renderFaults(faults: readonly Fault[], name: string): string {
  const shown = faults.slice(0, 20).map((fault) => renderFault(fault, name));
  if (faults.length > shown.length) shown.push(`${name}: ${faults.length - shown.length} more`);
  return shown.join("\n");
}
