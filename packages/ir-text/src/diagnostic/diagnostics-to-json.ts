import { lineMapOf } from "../line-map.ts";
import type { Span } from "../source.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";

/** A place in a file; lines and columns count from 1, the end is exclusive. All are null where there is no place. */
export interface LocationJson {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

/** A note of a diagnostic, for programs. */
export interface DiagnosticNoteJson extends LocationJson {
  readonly message: string;
}

/** A diagnostic for programs; every key is always there. */
export interface DiagnosticJson extends LocationJson {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly notes: readonly DiagnosticNoteJson[];
  readonly help: string | null;
}

/**
 * Diagnostics as plain values, ready for `JSON.stringify`.
 *
 * @example
 * ```ts
 * const span = { source: { name: "a.conf", text: "lanes = four" }, start: 8, end: 12 };
 * const [fault] = diagnosticsToJson([{ severity: "error", code: "syntax", message: "expected a size", span }]);
 * [fault.line, fault.column, fault.endColumn]; // => [1, 9, 13]
 * ```
 */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): DiagnosticJson[] {
  return diagnostics.map(({ severity, code, message, span, notes = [], help }) => ({
    severity,
    code,
    message,
    ...locationToJson(span),
    notes: notes.map((note) => ({ message: note.message, ...locationToJson(note.span) })),
    help: help ?? null,
  }));
}

function locationToJson(span: Span | undefined): LocationJson {
  if (span === undefined) return { file: null, line: null, column: null, endLine: null, endColumn: null };
  const map = lineMapOf(span.source);
  const start = map.positionAt(span.start);
  const end = map.positionAt(Math.max(span.start, span.end));
  return {
    file: span.source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}
