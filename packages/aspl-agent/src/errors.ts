/** What went wrong, for programs to switch on. */
export type AsplErrorCode = "task" | "tensor-sets" | "formula" | "program" | "options" | "hardware";

/** A use of this package that cannot be served; the message names the place, what was expected and what to do. */
export class AsplError extends Error {
  override readonly name = "AsplError";
  readonly code: AsplErrorCode;

  constructor(code: AsplErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
