/**
 * Why an intermediate result cannot be streamed to its consumer in the loop order at hand. It is then stored, and the region
 * becomes two graphs.
 */
export class FusionConflict extends Error {
  override readonly name = "FusionConflict";
  /** The loop at which streams do not fit together. */
  readonly variable: string;
  /** The result whose streams they are, once known. */
  tensor: string | null = null;

  constructor(variable: string, message: string, tensor: string | null = null) {
    super(message);
    this.variable = variable;
    this.tensor = tensor;
  }
}
