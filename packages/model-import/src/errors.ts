import { type Place, printPlace } from "./graph/place.ts";

/** What a {@link ModelError} is about, for programs to switch on. */
export type ModelErrorCode =
  | "format-unknown"
  | "version-unsupported"
  | "archive-malformed"
  | "archive-limit"
  | "archive-path"
  | "program-missing"
  | "program-malformed"
  | "nesting-too-deep"
  | "pickle-malformed"
  | "pickle-global"
  | "protobuf-malformed"
  | "operator-unknown"
  | "operator-unsupported"
  | "operator-arguments"
  | "dtype-unsupported"
  | "layout-unsupported"
  | "value-undefined"
  | "value-duplicate"
  | "graph-cyclic"
  | "graph-json"
  | "weight-missing"
  | "weight-truncated"
  | "size-malformed"
  | "size-range"
  | "input-missing"
  | "input-mismatch"
  | "shape-mismatch"
  | "index-range"
  | "too-large"
  | "format-annotation";

/** Where and how to go on. */
export interface ModelErrorOptions extends ErrorOptions {
  readonly place?: Place | undefined;
  /** The smallest change that would make it work. */
  readonly help?: string | undefined;
}

/**
 * A model that cannot be imported or evaluated as asked.
 *
 * The message says what is wrong and what was expected, and begins with the place; `help` names the way out. Faults in
 * the text forms (ATen, FX, MLIR, pbtxt, einsum) are ir-text's `DiagnosticError` with carets instead.
 */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly code: ModelErrorCode;
  readonly place: Place | undefined;
  readonly help: string | undefined;

  constructor(code: ModelErrorCode, message: string, options: ModelErrorOptions = {}) {
    const { place, help, ...rest } = options;
    super(place === undefined ? message : `${printPlace(place)}: ${message}`, rest);
    this.code = code;
    this.place = place;
    this.help = help;
  }
}
