/** What a model of the objective tells of a point. */
export interface Surrogate {
  /** No variance is above it. */
  readonly variance: number;
  /** The mean at the row that starts at `offset`. */
  meanAt(rows: Float64Array, offset: number): number;
  /**
   * The variance at the row of the last `meanAt`; to be asked once after each. It may be what the variance is at most,
   * where that is `enough`.
   */
  varianceThere(enough?: (most: number) => boolean): number;
  /** Takes a running evaluation at a row as if it had given what is expected; forests cannot. */
  believe?(row: Float64Array): void;
}
