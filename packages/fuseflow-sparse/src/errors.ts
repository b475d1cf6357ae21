/** What went wrong, for programs to switch on. */
export type FuseflowErrorCode =
  | "tortilla-malformed"
  | "tortilla-unsupported"
  | "level-arrays"
  | "graph-too-large"
  | "stream-mismatch"
  | "stream-ended"
  | "reference-range"
  | "coordinate-range"
  | "graph-invalid"
  | "operand-missing"
  | "operand-format"
  | "output-shape"
  | "simulate-options"
  | "reference-size"
  | "model-unsupported"
  | "fusion-conflict"
  | "schedule-invalid"
  | "program-unbound";

/** A use of this package that cannot be served, other than a fault in text (which is a `DiagnosticError`). */
export class FuseflowError extends Error {
  override readonly name = "FuseflowError";
  readonly code: FuseflowErrorCode;

  constructor(code: FuseflowErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
