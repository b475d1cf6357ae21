/** What an {@link EmberError} is about; users switch on this, never on the message. */
export type EmberErrorCode =
  | "operand-shape"
  | "index-range"
  | "offsets"
  | "weights"
  | "operation-missing"
  | "ir-invalid"
  | "memory-range"
  | "queue"
  | "unsupported"
  | "trace"
  | "closed"
  | "machine";

/** A request that cannot be carried out: what, where, what was expected; `help` says what to do. */
export class EmberError extends Error {
  override readonly name = "EmberError";
  readonly code: EmberErrorCode;
  readonly help: string | undefined;

  constructor(code: EmberErrorCode, message: string, options: ErrorOptions & { readonly help?: string } = {}) {
    super(message, options);
    this.code = code;
    this.help = options.help;
  }
}
