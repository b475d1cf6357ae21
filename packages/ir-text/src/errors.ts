import type { Diagnostic } from "./diagnostic/diagnostic.ts";
import { renderDiagnostics } from "./diagnostic/render-diagnostics.ts";

/** A text that cannot be used: its message is the rendered diagnostics, at most 20 of them. */
export class DiagnosticError extends Error {
  override readonly name = "DiagnosticError";
  /** All faults found, in the order in which they were reported; switch on their `code`. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(renderDiagnostics(diagnostics), options);
    this.diagnostics = diagnostics;
  }
}
