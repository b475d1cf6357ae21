/** An array that a step of a formula fills, with its axes innermost first; a number has no axis. */
export interface FormulaArray {
  readonly shape: readonly number[];
  /** How many numbers it has. */
  readonly size: number;
  /** Row-major, outermost axis first, from `start` on. Whoever runs a formula may point both at numbers of its own. */
  values: Float64Array;
  start: number;
}

/** An array of zeros. */
export function arrayOf(shape: readonly number[]): FormulaArray {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, size, values: new Float64Array(size), start: 0 };
}

/** A number. */
export function numberOf(value: number): FormulaArray {
  return { shape: [], size: 1, values: Float64Array.of(value), start: 0 };
}

/** As text: `a number`, `[16]`, `[7, 16]` with the innermost axis first. */
export function describeShape(shape: readonly number[]): string {
  return shape.length === 0 ? "a number" : `[${shape.join(", ")}]`;
}
