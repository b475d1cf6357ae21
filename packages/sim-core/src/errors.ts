/** What a {@link SimError} is about; users switch on this, never on the message. */
export type SimErrorCode =
  | "channel-options"
  | "channel-ends"
  | "graph-sealed"
  | "node-id"
  | "memory-options"
  | "time-overflow";

/** A misuse of the simulator: a wrong option, or a graph that cannot be built. */
export class SimError extends Error {
  override readonly name = "SimError";
  readonly code: SimErrorCode;

  constructor(code: SimErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
