/**
 * How well hyper-parameters explain the values of some points: log marginal likelihood plus log priors, with its
 * gradient.
 *
 * The kernel is Matern 5/2 with one lengthscale per column: r^2 = sum (x_c - y_c)^2 / l_c^2, q = sqrt(5) r,
 * k = s^2 (1 + q + q^2 / 3) exp(-q); noise is added on the diagonal. Parameters are logarithms; priors are densities
 * of the natural parameters (no Jacobian, unlike GPy).
 */
import { factorInPlace, invertFactor, packedRow, solveLower, solveUpper } from "../numeric/cholesky.ts";
import { decayOf } from "../numeric/decay.ts";
import { logGamma } from "../numeric/normal.ts";
import type { HyperPrior } from "../scenario/settings.ts";

/** Hyper-parameters of a Gaussian process, natural scale. */
export interface Hyperparameters {
  readonly lengthscales: Float64Array;
  readonly variance: number;
  readonly noise: number;
}

/** Densities that hyper-parameters are drawn towards. */
export interface HyperPriors {
  readonly lengthscale: HyperPrior;
  readonly outputscale: HyperPrior;
  readonly noise: HyperPrior;
}

/** Values at points: `rows` is [values.length, width]. */
export interface Samples {
  readonly rows: Float64Array;
  readonly values: Float64Array;
  readonly width: number;
}

/** Hyper-parameters as the logarithms that are searched: lengthscales, variance, noise. */
export function packLogarithms({ lengthscales, variance, noise }: Hyperparameters): Float64Array {
  return Float64Array.from([...lengthscales, variance, noise], Math.log);
}

/** The inverse of `packLogarithms`. */
export function unpackLogarithms(logarithms: Float64Array): Hyperparameters {
  const natural = logarithms.map(Math.exp);
  const width = natural.length - 2;
  return { lengthscales: natural.slice(0, width), variance: natural[width]!, noise: natural[width + 1]! };
}

/** The log density of a hyper-parameter. */
export function logPriorDensity(prior: HyperPrior, x: number): number {
  if (prior.name === "none") return 0;
  const [a, b] = prior.parameters;
  if (prior.name === "gamma") return a * Math.log(b) - logGamma(a) + (a - 1) * Math.log(x) - b * x;
  return -Math.log(x * b * Math.sqrt(2 * Math.PI)) - 0.5 * ((Math.log(x) - a) / b) ** 2;
}

/** The derivative of the log density by log x. */
function priorSlope(prior: HyperPrior, x: number): number {
  if (prior.name === "none") return 0;
  const [a, b] = prior.parameters;
  return prior.name === "gamma" ? a - 1 - b * x : -1 - (Math.log(x) - a) / (b * b);
}

const jitters = [0, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4];

/** The log posterior over hyper-parameters given samples; keeps its buffers between evaluations. */
export class LogPosterior {
  readonly #samples: Samples;
  readonly #priors: HyperPriors;
  readonly #n: number;
  /** Squared differences: pair (i, k), k < i, of column c at (i (i - 1) / 2 + k) * width + c. */
  readonly #squares: Float64Array;
  readonly #kernel: Float64Array;
  readonly #slopes: Float64Array;
  readonly #factor: Float64Array;
  readonly #inverse: Float64Array;
  readonly #scratch: Float64Array;
  readonly #alpha: Float64Array;

  constructor(samples: Samples, priors: HyperPriors) {
    const { rows, values, width } = samples;
    const n = values.length;
    this.#samples = samples;
    this.#priors = priors;
    this.#n = n;
    this.#squares = new Float64Array(packedRow(n) * width);
    for (let i = 1, at = 0; i < n; i++) {
      for (let k = 0; k < i; k++) {
        for (let c = 0; c < width; c++) this.#squares[at++] = (rows[i * width + c]! - rows[k * width + c]!) ** 2;
      }
    }
    const packed = packedRow(n);
    this.#kernel = new Float64Array(packed);
    this.#slopes = new Float64Array(packed);
    this.#factor = new Float64Array(packed);
    this.#inverse = new Float64Array(packed);
    this.#scratch = new Float64Array(packed);
    this.#alpha = new Float64Array(n);
  }

  /** The log posterior at logarithms of hyper-parameters; -Infinity where the covariance cannot be factored. */
  value(logarithms: Float64Array): number {
    const hyper = unpackLogarithms(logarithms);
    this.#fillKernel(hyper);
    if (!this.#factorKernel(hyper)) return Number.NEGATIVE_INFINITY;
    return this.#likelihood() + this.#logPrior(hyper);
  }

  /** The same, and writes its gradient by the logarithms. */
  valueAndGradient(logarithms: Float64Array, gradient: Float64Array): number {
    const value = this.value(logarithms);
    if (!Number.isFinite(value)) return value;
    const hyper = unpackLogarithms(logarithms);
    const { width } = this.#samples;
    const alpha = this.#alpha;
    const inverse = this.#inverse;
    const kernel = this.#kernel;
    const slopes = this.#slopes;
    const squares = this.#squares;
    invertFactor(this.#factor, this.#n, { inverse, scratch: this.#scratch });
    gradient.fill(0);
    const weights = new Float64Array(width);
    let variance = 0;
    let trace = 0;
    for (let i = 0, at = 0, entry = 0; i < this.#n; i++, entry++) {
      const own = alpha[i]!;
      for (let k = 0; k < i; k++, entry++) {
        const weight = own * alpha[k]! - inverse[entry]!;
        variance += weight * kernel[entry]!;
        const scaled = weight * slopes[entry]!;
        for (let c = 0; c < width; c++, at++) weights[c]! += scaled * squares[at]!;
      }
      trace += own * own - inverse[entry]!;
    }
    const { lengthscale, outputscale, noise } = this.#priors;
    for (let c = 0; c < width; c++) {
      const length = hyper.lengthscales[c]!;
      gradient[c] = weights[c]! / (length * length) + priorSlope(lengthscale, length);
    }
    gradient[width] = variance + 0.5 * trace * hyper.variance + priorSlope(outputscale, hyper.variance);
    gradient[width + 1] = 0.5 * trace * hyper.noise + priorSlope(noise, hyper.noise);
    return value;
  }

  #fillKernel({ lengthscales, variance }: Hyperparameters): void {
    const { width } = this.#samples;
    const squares = this.#squares;
    const kernel = this.#kernel;
    const slopes = this.#slopes;
    const inverse = lengthscales.map((length) => 5 / (length * length));
    for (let i = 0, at = 0, entry = 0; i < this.#n; i++) {
      for (let k = 0; k < i; k++, entry++) {
        let square = 0;
        for (let c = 0; c < width; c++, at++) square += squares[at]! * inverse[c]!;
        const q = Math.sqrt(square);
        const decay = variance * decayOf(q);
        kernel[entry] = decay * (1 + q + square / 3);
        slopes[entry] = (5 / 3) * decay * (1 + q);
      }
      kernel[entry++] = variance;
    }
  }

  #factorKernel({ variance, noise }: Hyperparameters): boolean {
    for (const jitter of jitters) {
      this.#factor.set(this.#kernel);
      for (let i = 0; i < this.#n; i++) this.#factor[packedRow(i) + i] = variance + noise + jitter;
      if (factorInPlace(this.#factor, this.#n)) return true;
    }
    return false;
  }

  #likelihood(): number {
    const { values } = this.#samples;
    this.#alpha.set(values);
    solveLower(this.#factor, this.#n, this.#alpha);
    solveUpper(this.#factor, this.#n, this.#alpha);
    let sum = -0.5 * this.#n * Math.log(2 * Math.PI);
    for (let i = 0; i < this.#n; i++) {
      sum -= 0.5 * values[i]! * this.#alpha[i]! + Math.log(this.#factor[packedRow(i) + i]!);
    }
    return sum;
  }

  #logPrior({ lengthscales, variance, noise }: Hyperparameters): number {
    let sum = logPriorDensity(this.#priors.outputscale, variance) + logPriorDensity(this.#priors.noise, noise);
    for (const length of lengthscales) sum += logPriorDensity(this.#priors.lengthscale, length);
    return sum;
  }
}
