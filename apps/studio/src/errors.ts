/** What a {@link StudioError} is about: a text that is no JSON, a document of another form, a timeline that cannot be read. */
export type StudioErrorCode = "json" | "shape" | "timeline";

/** A document that cannot be shown; the message says where it is wrong and what was expected there. */
export class StudioError extends Error {
  override readonly name = "StudioError";
  readonly code: StudioErrorCode;

  constructor(code: StudioErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}
