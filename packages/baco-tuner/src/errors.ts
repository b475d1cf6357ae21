/** What went wrong, for programs to switch on. */
export type TunerErrorCode =
  | "scenario"
  | "space"
  | "space-too-large"
  | "sampling"
  | "configuration"
  | "options"
  | "not-positive-definite"
  | "trial"
  | "study-log"
  | "table"
  | "csv";

/** A use of this package that cannot be served; `message` holds every fault where a text or a space was at fault. */
export class TunerError extends Error {
  override readonly name = "TunerError";
  readonly code: TunerErrorCode;

  constructor(code: TunerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
