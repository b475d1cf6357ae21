/**
 * Cholesky factors of symmetric positive definite matrices.
 *
 * Matrices are packed by rows of their lower triangle: entry (i, k), k <= i, lies at i (i + 1) / 2 + k.
 *
 * Sums run in four strands: one strand would wait for each addition to finish before the next begins.
 */

/** Where row `i` of a packed lower triangle starts; also the number of entries of i rows. */
export function packedRow(i: number): number {
  return (i * (i + 1)) / 2;
}

/** The inner product of the first `count` entries of a row of `matrix`, which starts at `row`, and of `x` from `at` on. */
function innerProduct(
  matrix: Float64Array,
  row: number,
  x: Float64Array,
  [at, count]: readonly [number, number],
): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    a += matrix[row + k]! * x[at + k]!;
    b += matrix[row + k + 1]! * x[at + k + 1]!;
    c += matrix[row + k + 2]! * x[at + k + 2]!;
    d += matrix[row + k + 3]! * x[at + k + 3]!;
  }
  for (; k < count; k++) a += matrix[row + k]! * x[at + k]!;
  return a + b + (c + d);
}

/**
 * Computes row `i` of the factor in place: `factor` holds the finished rows before it and, in row i, the entries of
 * the matrix. False if the matrix is not positive definite.
 */
export function factorRow(factor: Float64Array, i: number): boolean {
  const row = packedRow(i);
  for (let k = 0; k <= i; k++) {
    const other = packedRow(k);
    const sum = factor[row + k]! - innerProduct(factor, row, factor, [other, k]);
    if (k < i) factor[row + k] = sum / factor[other + k]!;
    else if (sum > 1e-14) factor[row + i] = Math.sqrt(sum);
    else return false;
  }
  return true;
}

/** Replaces a packed n by n matrix by its lower factor; false if it is not positive definite. */
export function factorInPlace(matrix: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) if (!factorRow(matrix, i)) return false;
  return true;
}

/** Solves L x = b in place: `x` holds b, then the solution; where the rows before `first` are solved already, the rest. */
export function solveLower(factor: Float64Array, n: number, x: Float64Array, first = 0): void {
  for (let i = first, row = packedRow(first); i < n; row += ++i) {
    x[i] = (x[i]! - innerProduct(factor, row, x, [0, i])) / factor[row + i]!;
  }
}

/** Solves L^T x = b in place. */
export function solveUpper(factor: Float64Array, n: number, x: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = packedRow(i);
    const value = x[i]! / factor[row + i]!;
    x[i] = value;
    for (let k = 0; k < i; k++) x[k]! -= factor[row + k]! * value;
  }
}

/**
 * Writes the packed inverse of L L^T into `inverse`; `scratch` holds as many entries. Rows are added two at a time: what
 * they are added to is read and written half as often.
 */
export function invertFactor(factor: Float64Array, n: number, { inverse, scratch }: InverseBuffers): void {
  for (let i = 0; i < n; i++) invertRow(factor, i, scratch);
  inverse.fill(0, 0, packedRow(n));
  for (let j = n % 2; j < n; j += 2) addProducts(scratch, j, inverse);
  if (n % 2 === 1) inverse[0]! += scratch[0]! ** 2;
}

/** Row `i` of the inverse of L, from those above it, in place. */
function invertRow(factor: Float64Array, i: number, inverse: Float64Array): void {
  const row = packedRow(i);
  const diagonal = 1 / factor[row + i]!;
  inverse.fill(0, row, row + i);
  let j = i % 2;
  if (j === 1) inverse[row] = -factor[row]! * diagonal * inverse[0]!;
  for (; j < i; j += 2) {
    const first = packedRow(j);
    const second = packedRow(j + 1);
    const one = -factor[row + j]! * diagonal;
    const other = -factor[row + j + 1]! * diagonal;
    for (let k = 0; k <= j; k++) inverse[row + k]! += one * inverse[first + k]! + other * inverse[second + k]!;
    inverse[row + j + 1]! += other * inverse[second + j + 1]!;
  }
  inverse[row + i] = diagonal;
}

/** Adds to a symmetric matrix the products of row `j` of a lower triangle with itself, and those of the row after it. */
function addProducts(lower: Float64Array, j: number, sum: Float64Array): void {
  const first = packedRow(j);
  const second = packedRow(j + 1);
  for (let i = 0; i <= j; i++) {
    const row = packedRow(i);
    const one = lower[first + i]!;
    const other = lower[second + i]!;
    for (let k = 0; k <= i; k++) sum[row + k]! += one * lower[first + k]! + other * lower[second + k]!;
  }
  const last = lower[second + j + 1]!;
  for (let k = 0; k <= j + 1; k++) sum[second + k]! += last * lower[second + k]!;
}

/** Room for `invertFactor`: packed matrices. */
export interface InverseBuffers {
  readonly inverse: Float64Array;
  readonly scratch: Float64Array;
}
