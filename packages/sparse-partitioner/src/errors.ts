/** What a {@link PartitionError} is about; users switch on this, never on the message. */
export type PartitionErrorCode =
  | "units-invalid"
  | "weight-invalid"
  | "work-too-large"
  | "driver-unordered"
  | "driver-mismatch"
  | "operand-missing"
  | "operand-type"
  | "operand-malformed"
  | "expression-unsupported"
  | "order-invalid"
  | "configuration-invalid"
  | "result-format"
  | "result-too-large"
  | "partition-broken";

/** An expression, operand or option that cannot be used as asked; the message names the value and the limit. */
export class PartitionError extends Error {
  override readonly name = "PartitionError";
  readonly code: PartitionErrorCode;

  constructor(code: PartitionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
