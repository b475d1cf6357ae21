/**
 * A Gaussian process on what an earlier study leaves to explain.
 *
 * The mean of the earlier study's model, times a slope and plus an offset, is the trend; the process models the rest. The
 * slope is that of least squares with one observation added that says 1: an earlier study that says nothing about this
 * one gets a slope near 0 as soon as some points are told, and the process is as if it had not been there.
 */
import type { GaussianProcess } from "./gaussian-process.ts";
import type { Surrogate } from "./surrogate.ts";

/** How the values of this study follow the means of an earlier one. */
export interface Trend {
  readonly offset: number;
  readonly slope: number;
}

/** The trend of values over the means that an earlier model has at the same points. */
export function trendOf(means: Float64Array, values: Float64Array): Trend {
  const n = values.length;
  const center = means.reduce((sum, mean) => sum + mean, 0) / n;
  const middle = values.reduce((sum, value) => sum + value, 0) / n;
  let products = 1;
  let squares = 1;
  for (let i = 0; i < n; i++) {
    products += (means[i]! - center) * (values[i]! - middle);
    squares += (means[i]! - center) ** 2;
  }
  const slope = Math.max(0, products / squares);
  return { slope, offset: middle - slope * center };
}

/** A trend and a process on the rest. */
export class TransferredProcess implements Surrogate {
  readonly #earlier: GaussianProcess;
  readonly #trend: Trend;
  readonly #rest: GaussianProcess;

  constructor(earlier: GaussianProcess, trend: Trend, rest: GaussianProcess) {
    this.#earlier = earlier;
    this.#trend = trend;
    this.#rest = rest;
  }

  get variance(): number {
    return this.#rest.variance;
  }

  meanAt(rows: Float64Array, offset: number): number {
    const { slope, offset: base } = this.#trend;
    return base + slope * this.#earlier.meanAt(rows, offset) + this.#rest.meanAt(rows, offset);
  }

  varianceThere(enough?: (most: number) => boolean): number {
    return this.#rest.varianceThere(enough);
  }

  /** Takes a running evaluation as if it had given what is expected. */
  believe(row: Float64Array): void {
    this.#rest.believe(row);
  }
}
