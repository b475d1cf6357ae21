/** Finds hyper-parameters of the highest log posterior, from several starts. */
import { minimise } from "../numeric/minimise.ts";
import type { Random } from "../numeric/random.ts";
import {
  type HyperPriors,
  type Hyperparameters,
  LogPosterior,
  packLogarithms,
  type Samples,
  unpackLogarithms,
} from "./log-posterior.ts";

/** How much is searched. */
export interface FitOptions {
  readonly priors: HyperPriors;
  /** Whether noise is fitted; otherwise its variance is 1e-6. */
  readonly noise: boolean;
  /** Hyper-parameters of an earlier fit, as one more start. */
  readonly previous?: Hyperparameters | undefined;
  /** Random starts that are looked at, and how many of them are climbed from. */
  readonly draws: number;
  readonly climbs: number;
  readonly iterations: number;
}

const noiseless = 1e-6;

/** Hyper-parameters for samples; deterministic given the random stream. */
export function fitHyperparameters(samples: Samples, random: Random, options: FitOptions): Hyperparameters {
  const posterior = new LogPosterior(samples, options.priors);
  const width = samples.width;
  const lower = new Float64Array(width + 2).fill(Math.log(0.01));
  const upper = new Float64Array(width + 2).fill(Math.log(100));
  lower[width + 1] = Math.log(noiseless);
  upper[width + 1] = options.noise ? 0 : Math.log(noiseless);
  const drawn = Array.from({ length: options.draws }, () => {
    const start = Float64Array.from({ length: width + 1 }, () => (2 * random.float() - 1) * Math.LN10);
    const logarithms = Float64Array.of(
      ...start,
      options.noise ? (-5 + 3 * random.float()) * Math.LN10 : Math.log(noiseless),
    );
    return { logarithms, value: posterior.value(logarithms) };
  });
  drawn.sort((a, b) => b.value - a.value);
  const starts: Float64Array[] = drawn.slice(0, options.climbs).map(({ logarithms }) => logarithms);
  if (options.previous !== undefined) starts.push(packLogarithms(options.previous));
  let best: { x: Float64Array; value: number } = {
    x: starts[0] ?? packLogarithms(neutral(width)),
    value: Number.POSITIVE_INFINITY,
  };
  const objective = (x: Float64Array, gradient: Float64Array) => {
    const value = posterior.valueAndGradient(x, gradient);
    for (let i = 0; i < gradient.length; i++) gradient[i] = -gradient[i]!;
    return -value;
  };
  for (const start of starts) {
    const end = minimise(objective, start, { lower, upper, iterations: options.iterations, tolerance: 1e-3 });
    if (end.value < best.value) best = end;
  }
  return unpackLogarithms(best.x);
}

function neutral(width: number): Hyperparameters {
  return { lengthscales: new Float64Array(width).fill(1), variance: 1, noise: 1e-3 };
}
