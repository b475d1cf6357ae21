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

/** A tensor, format or file that cannot be used as asked; the message names the value and the limit. */
export class TensorError extends Error {
  override readonly name = "TensorError";
  readonly code: TensorErrorCode;

  constructor(code: TensorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
