/** What a {@link LoopError} is about; users switch on this, never on the message. */
export type LoopErrorCode =
  | "nest-type"
  | "nest-structure"
  | "argument"
  | "out-of-bounds"
  | "division"
  | "fault"
  | "out-of-memory"
  | "unsupported"
  | "compiler"
  | "deadline"
  | "cancelled"
  | "worker"
  | "closed";

/** A nest that is not well-formed, arguments that do not fit it, or a run that could not be finished. */
export class LoopError extends Error {
  override readonly name = "LoopError";
  readonly code: LoopErrorCode;

  constructor(code: LoopErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
