/**
 * Which surrogate explains held-out points better: each is fitted without a fifth of the points, five times, and asked how
 * probable it finds their values.
 */
import type { Random } from "../numeric/random.ts";
import { Forest } from "./forest.ts";
import { GaussianProcess } from "./gaussian-process.ts";
import type { Hyperparameters, Samples } from "./log-posterior.ts";
import type { Surrogate } from "./surrogate.ts";

const folds = 5;
/** Fewer points tell too little: the process is taken. */
const fewestForChoice = 15;

/** How a process and a forest are made. */
export interface SurrogateRecipes {
  readonly hyper: Hyperparameters;
  readonly trees: number;
}

/** The kind with the higher log density of held-out values; the process on ties. */
export function chooseSurrogate(
  samples: Samples,
  { hyper, trees }: SurrogateRecipes,
  random: Random,
): "gaussian_process" | "random_forest" {
  if (samples.values.length < fewestForChoice) return "gaussian_process";
  const order = shuffled(samples.values.length, random);
  let process = 0;
  let forest = 0;
  for (let fold = 0; fold < folds; fold++) {
    const part = (inside: boolean) => partOf(samples, order, (at) => (at % folds === fold) !== inside);
    const [kept, held] = [part(true), part(false)];
    process += logDensity(new GaussianProcess(kept, hyper), held, hyper.noise);
    const weights = new Float64Array(kept.values.length).fill(1);
    const options = { trees, columns: 0.5, bootstrap: true, randomCuts: true };
    forest += logDensity(new Forest({ ...kept, weights }, random, options), held, hyper.noise);
  }
  return forest > process ? "random_forest" : "gaussian_process";
}

function logDensity(surrogate: Surrogate, { rows, values, width }: Samples, noise: number): number {
  let sum = 0;
  values.forEach((value, i) => {
    const mean = surrogate.meanAt(rows, i * width);
    const variance = surrogate.varianceThere() + noise;
    sum -= 0.5 * Math.log(2 * Math.PI * variance) + (value - mean) ** 2 / (2 * variance);
  });
  return sum;
}

function partOf({ rows, values, width }: Samples, order: Int32Array, takes: (at: number) => boolean): Samples {
  const picked = order.filter((_, at) => takes(at));
  const part = new Float64Array(picked.length * width);
  picked.forEach((sample, i) => {
    part.set(rows.subarray(sample * width, (sample + 1) * width), i * width);
  });
  return { rows: part, values: Float64Array.from(picked, (sample) => values[sample]!), width };
}

function shuffled(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}
