import type { FilePlace } from "@millrace/tensor";

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
  | "trace-line"
  | "protocol"
  | "interrupted";

/** How a command ends: done, a fault of ours, wrong input, a failed check, interrupted. */
export type ExitStatus = 0 | 1 | 2 | 3 | 130;

/** A fault in a file, told by line and column where it has lines. */
export interface MillraceErrorOptions extends ErrorOptions {
  readonly help?: string;
  /** Where the fault lies; the message begins with it. */
  readonly place?: FilePlace;
}

/** A request that cannot be carried out; the message says what, where and what was expected, `help` what to do. */
export class MillraceError extends Error {
  override readonly name = "MillraceError";
  readonly code: MillraceErrorCode;
  readonly help: string | undefined;
  readonly place: FilePlace | undefined;

  constructor(code: MillraceErrorCode, message: string, options: MillraceErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.help = options.help;
    this.place = options.place;
  }
}
