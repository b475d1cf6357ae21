/** What a {@link SimError} is about; users switch on this, never on the message. */
export type SimErrorCode =
  | "channel-options"
  | "channel-id"
  | "channel-ends"
  | "capacity-override"
  | "graph-sealed"
  | "node-id"
  | "memory-options"
  | "memory-request"
  | "dram-spec"
  | "dram-stalled"
  | "dram-command"
  | "time-overflow";

/** A misuse of the simulator: a wrong option, a graph that cannot be built, or a node that breaks the rules of its ports. */
export class SimError extends Error {
  override readonly name = "SimError";
  readonly code: SimErrorCode;

  constructor(code: SimErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
