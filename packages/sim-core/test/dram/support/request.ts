/** One request of a trace. */
export interface DramRequest {
  readonly address: number;
  readonly write: boolean;
  readonly arrival: number;
  /** The index at each level, for traces of vectors, which have no address. */
  readonly vector?: readonly number[];
}
