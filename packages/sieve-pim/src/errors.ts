/** What went wrong, for programs to switch on. */
export type SieveErrorCode =
  | "model"
  | "hardware"
  | "topology"
  | "capacity"
  | "counts"
  | "trace"
  | "requests"
  | "policy"
  | "options"
  | "parameters"
  | "pim-trace"
  | "pim-stalled"
  | "too-much-work";

/** Which limit was broken and what would fit. */
export interface SieveErrorPlace {
  /** Where in the input: a path such as `models[2].moe.topK`, or `file.csv:12`. */
  readonly path?: string;
  /** The limit, by name. */
  readonly limit?: string;
  readonly value?: number;
  readonly allowed?: number;
  /** The nearest change that fits. */
  readonly hint?: string;
}

/** A use of this package that cannot be served. */
export class SieveError extends Error {
  override readonly name = "SieveError";
  readonly code: SieveErrorCode;
  readonly place: SieveErrorPlace;

  constructor(code: SieveErrorCode, message: string, place: SieveErrorPlace = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.place = place;
  }
}
