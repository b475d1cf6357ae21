/** What went wrong, for programs to switch on. */
export type SweepErrorCode =
  | "job-input"
  | "module"
  | "pool-closed"
  | "queue-address"
  | "queue-unreachable"
  | "log-damaged"
  | "shards";

/** A use of this package that cannot be served. That a job fails is an outcome, not an error. */
export class SweepError extends Error {
  override readonly name = "SweepError";
  readonly code: SweepErrorCode;
  /** What to do. */
  readonly help: string | undefined;

  constructor(code: SweepErrorCode, message: string, options: ErrorOptions & { readonly help?: string } = {}) {
    super(message, options);
    this.code = code;
    this.help = options.help;
  }
}
