/** What went wrong, for programs to switch on. */
export type StepErrorCode =
  | "extent-overflow"
  | "extent-value"
  | "symbol-unbound"
  | "element-mismatch"
  | "shape-mismatch"
  | "rank-too-small"
  | "dimension-dynamic"
  | "dimension-kind"
  | "attribute-value"
  | "function-unknown"
  | "function-arguments"
  | "program-invalid"
  | "node-id"
  | "stream-foreign"
  | "tensor-unknown"
  | "stream-malformed"
  | "stream-values"
  | "stops-mismatch"
  | "group-empty"
  | "selector-value"
  | "address-range"
  | "value-shape"
  | "program-stuck"
  | "simulation-stuck"
  | "too-much-work"
  | "constraint-broken"
  | "reference-differs"
  | "program-json"
  | "trace-malformed"
  | "model-unknown"
  | "workload-options"
  | "pass-unknown"
  | "pass-settings"
  | "pass-refused";

/** Where in a program a rule was broken. */
export interface StepErrorPlace {
  /** Id of the node. */
  readonly node?: string;
  /** Name of the port. */
  readonly port?: string;
  /** Index of the dimension; 0 is the innermost. */
  readonly dimension?: number;
  /** Shapes that disagree, as printed, with what they belong to. */
  readonly shapes?: readonly { readonly of: string; readonly shape: string }[];
  /** The rule, as a sentence. */
  readonly rule?: string;
  /** What to do. */
  readonly hint?: string;
}

/** A use of this package that cannot be served, other than a fault in text (which is a `DiagnosticError`). */
export class StepError extends Error {
  override readonly name = "StepError";
  readonly code: StepErrorCode;
  readonly place: StepErrorPlace;

  constructor(code: StepErrorCode, message: string, place: StepErrorPlace = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.place = place;
  }
}
