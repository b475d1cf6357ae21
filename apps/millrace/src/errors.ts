/** What a {@link MillraceError} is about; users switch on this, never on the message. */
export type MillraceErrorCode =
  | "file-missing"
  | "file-unreadable"
  | "file-unwritable"
  | "file-kind"
  | "operand-missing"
  | "operand-unknown"
  | "operand-shape"
  | "argument"
  | "interrupted";

/** How a command ends: done, a fault of ours, wrong input, a failed check, interrupted. */
export type ExitStatus = 0 | 1 | 2 | 3 | 130;

/** A request that cannot be carried out; the message says what, where and what was expected, `help` what to do. */
export class MillraceError extends Error {
  override readonly name = "MillraceError";
  readonly code: MillraceErrorCode;
  readonly help: string | undefined;

  constructor(code: MillraceErrorCode, message: string, options: ErrorOptions & { readonly help?: string } = {}) {
    super(message, options);
    this.code = code;
    this.help = options.help;
  }
}
