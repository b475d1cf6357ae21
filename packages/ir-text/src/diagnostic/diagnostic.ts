import type { Span } from "../source.ts";

/** An error stops the work that needs the text; a warning does not. */
export type Severity = "error" | "warning";

/** A second fact that explains a diagnostic, with the place it comes from. */
export interface DiagnosticNote {
  /** Reads on with " at FILE:LINE:COLUMN" when there is a span: "declared with two indices". */
  readonly message: string;
  readonly span?: Span;
}

/** One fault of a text: what is wrong, where, why, and what to do. */
export interface Diagnostic {
  readonly severity: Severity;
  /** What programs switch on: kebab-case, from a closed union of the package that reports it. */
  readonly code: string;
  /** What is wrong: lower case, no full stop; names the value and the limit. */
  readonly message: string;
  /** Absent only for faults that have no place in the text. */
  readonly span?: Span;
  readonly notes?: readonly DiagnosticNote[];
  /** What to do about it. */
  readonly help?: string;
}
