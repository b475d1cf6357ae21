/** The posterior of a Gaussian process with fixed hyper-parameters; points can be added one at a time. */
import { TunerError } from "../errors.ts";
import { factorRow, packedRow, solveLower, solveUpper } from "../numeric/cholesky.ts";
import { decayOf } from "../numeric/decay.ts";
import type { Hyperparameters, Samples } from "./log-posterior.ts";
import type { Surrogate } from "./surrogate.ts";

const leastVariance = 1e-11;
/** Rows that are solved for between two looks at whether the variance is small enough. */
const block = 12;

/** Mean and variance of the latent value at points, given samples. */
export class GaussianProcess implements Surrogate {
  readonly #hyper: Hyperparameters;
  readonly #width: number;
  /** sqrt(5) over each lengthscale: rows are kept times it, so that q is a plain distance. */
  readonly #scales: Float64Array;
  readonly #scaled: Float64Array;
  #rows: Float64Array;
  #values: Float64Array;
  #factor: Float64Array;
  #alpha: Float64Array;
  #covariance: Float64Array;
  #n = 0;
  /** The largest covariance of the last row with a sample, and the largest jitter of any. */
  #closest = 0;
  #jitter = 0;

  /** @throws {TunerError} `not-positive-definite` if even jitter does not make the covariance one. */
  constructor(samples: Samples, hyper: Hyperparameters) {
    this.#hyper = hyper;
    this.#width = samples.width;
    this.#scales = hyper.lengthscales.map((length) => Math.sqrt(5) / length);
    this.#scaled = new Float64Array(this.#width);
    const room = samples.values.length + 8;
    this.#rows = new Float64Array(room * this.#width);
    this.#values = new Float64Array(room);
    this.#factor = new Float64Array(packedRow(room));
    this.#alpha = new Float64Array(room);
    this.#covariance = new Float64Array(room);
    samples.values.forEach((value, i) => {
      this.#add(samples.rows.subarray(i * this.#width, (i + 1) * this.#width), value);
    });
    this.#solve();
  }

  /** The number of samples. */
  get count(): number {
    return this.#n;
  }

  /** The prior variance of the latent value: no posterior variance is above it. */
  get variance(): number {
    return this.#hyper.variance;
  }

  /** The packed lower factor of the covariance of the samples. */
  get factor(): Float64Array {
    return this.#factor.subarray(0, packedRow(this.#n));
  }

  /** Adds a sample in O(n^2). */
  append(row: Float64Array, value: number): void {
    this.#add(row, value);
    this.#solve();
  }

  /** Takes a running evaluation as if it had given what is expected. */
  believe(row: Float64Array): void {
    this.append(row, this.meanAt(row, 0));
  }

  /** The mean at the row that starts at `offset`; keeps its covariances for `varianceThere`. */
  meanAt(rows: Float64Array, offset: number): number {
    let mean = 0;
    let closest = 0;
    this.#covariances(rows, offset);
    for (let i = 0; i < this.#n; i++) {
      const covariance = this.#covariance[i]!;
      mean += covariance * this.#alpha[i]!;
      if (covariance > closest) closest = covariance;
    }
    this.#closest = closest;
    return mean;
  }

  /**
   * The variance at the row of the last `meanAt`; to be asked once after each. Each sample taken into account lowers it:
   * where what it is at most is `enough`, that is the answer.
   */
  varianceThere(enough?: (most: number) => boolean): number {
    const covariance = this.#covariance;
    let variance = this.#hyper.variance;
    if (enough !== undefined) {
      const most = variance - this.#closest ** 2 / (variance + this.#hyper.noise + this.#jitter);
      if (enough(most)) return Math.max(most, leastVariance);
    }
    for (let from = 0; from < this.#n; from += block) {
      const to = Math.min(from + block, this.#n);
      solveLower(this.#factor, to, covariance, from);
      for (let i = from; i < to; i++) variance -= covariance[i]! ** 2;
      if (to < this.#n && enough?.(Math.max(variance, leastVariance)) === true) break;
    }
    return Math.max(variance, leastVariance);
  }

  #covariances(rows: Float64Array, offset: number): void {
    const width = this.#width;
    const scaled = this.#scaled;
    const samples = this.#rows;
    const covariance = this.#covariance;
    const { variance } = this.#hyper;
    for (let c = 0; c < width; c++) scaled[c] = rows[offset + c]! * this.#scales[c]!;
    for (let i = 0, at = 0; i < this.#n; i++) {
      let square = 0;
      for (let c = 0; c < width; c++, at++) {
        const difference = scaled[c]! - samples[at]!;
        square += difference * difference;
      }
      const q = Math.sqrt(square);
      covariance[i] = variance * (1 + q + square / 3) * decayOf(q);
    }
  }

  #add(row: Float64Array, value: number): void {
    const n = this.#n;
    if (n === this.#values.length) this.#grow();
    this.#covariances(row, 0);
    const start = packedRow(n);
    for (let jitter = 0; ; jitter = jitter === 0 ? 1e-10 : jitter * 10) {
      this.#factor.set(this.#covariance.subarray(0, n), start);
      this.#factor[start + n] = this.#hyper.variance + this.#hyper.noise + jitter;
      this.#jitter = Math.max(this.#jitter, jitter);
      if (factorRow(this.#factor, n)) break;
      if (jitter >= 1e-3)
        throw new TunerError("not-positive-definite", `the covariance of ${n + 1} points has no factor`);
    }
    this.#rows.set(this.#scaled, n * this.#width);
    this.#values[n] = value;
    this.#n = n + 1;
  }

  #solve(): void {
    this.#alpha.set(this.#values);
    solveLower(this.#factor, this.#n, this.#alpha);
    solveUpper(this.#factor, this.#n, this.#alpha);
  }

  #grow(): void {
    const room = 2 * this.#values.length;
    const grown = (old: Float64Array, length: number) => {
      const array = new Float64Array(length);
      array.set(old);
      return array;
    };
    this.#rows = grown(this.#rows, room * this.#width);
    this.#values = grown(this.#values, room);
    this.#factor = grown(this.#factor, packedRow(room));
    this.#alpha = new Float64Array(room);
    this.#covariance = new Float64Array(room);
  }
}
