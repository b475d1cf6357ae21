/** An array that a step of a formula fills, with its axes innermost first; a number has no axis. */
export interface FormulaArray {
  readonly shape: readonly number[];
  /** Row-major, outermost axis first. Parameters and inputs may be given other arrays of the same length. */
  values: Float64Array;
}

/** An array of zeros. */
export function arrayOf(shape: readonly number[]): FormulaArray {
  return { shape, values: new Float64Array(shape.reduce((product, size) => product * size, 1)) };
}

/** As text: `a number`, `[16]`, `[7, 16]` with the innermost axis first. */
export function describeShape(shape: readonly number[]): string {
  return shape.length === 0 ? "a number" : `[${shape.join(", ")}]`;
}
