/** What a {@link TensorError} is about; users switch on this, never on the message. */
export type TensorErrorCode =
  | "format-invalid"
  | "format-unsupported"
  | "shape-invalid"
  | "structure-invalid"
  | "coordinate-range"
  | "too-large"
  | "file-malformed"
  | "file-truncated"
  | "file-unsupported"
  | "value-range"
  | "notation-operands"
  | "generator-options";

/** Where in a file a fault lies: a line and column of a text (both from 1, in bytes), or a byte offset (from 0) of a binary file. */
export type FilePlace =
  | { readonly file: string; readonly line: number; readonly column: number }
  | { readonly file: string; readonly offset: number };

/** What a {@link TensorError} carries besides its message. */
export interface TensorErrorOptions extends ErrorOptions {
  /** Set for every fault of a file; the message begins with it. */
  readonly place?: FilePlace;
}

/** A tensor, format or file that cannot be used as asked; the message names the value and the limit. */
export class TensorError extends Error {
  override readonly name = "TensorError";
  readonly code: TensorErrorCode;
  /** Where the fault lies, if it lies in a file. */
  readonly place: FilePlace | undefined;

  constructor(code: TensorErrorCode, message: string, options?: TensorErrorOptions) {
    super(message, options);
    this.code = code;
    this.place = options?.place;
  }
}
