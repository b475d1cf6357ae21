/** Makes the surrogate that a study's settings ask for out of what was told. */
import type { Random } from "../numeric/random.ts";
import type { Settings } from "../scenario/settings.ts";
import type { FeatureMap } from "../space/features.ts";
import type { Point } from "../space/trees/tree.ts";
import { fitHyperparameters } from "./fit.ts";
import { Forest } from "./forest.ts";
import { GaussianProcess } from "./gaussian-process.ts";
import { chooseSurrogate } from "./held-in.ts";
import type { Hyperparameters, Samples } from "./log-posterior.ts";
import { chooseSubset } from "./subset.ts";
import type { Surrogate } from "./surrogate.ts";
import { TransferredProcess, type Trend, trendOf } from "./transferred-process.ts";

/** The most samples whose likelihood is searched, and the most that a model is made of. */
const mostFitted = 120;
export const mostModelled = 500;

/** What a surrogate is made of. */
export interface SurrogateTask {
  readonly points: readonly Point[];
  /** As they are modelled. */
  readonly values: Float64Array;
  readonly features: FeatureMap;
  readonly settings: Settings;
  /** Streams by purpose. */
  readonly random: (purpose: string) => Random;
  /** Decides in which fits hyper-parameters are searched afresh. */
  readonly trial: number;
  readonly previous: Hyperparameters | undefined;
  /** A model of an earlier study. */
  readonly earlier: GaussianProcess | undefined;
}

/** A surrogate and how it came about. */
export interface FittedSurrogate {
  readonly surrogate: Surrogate;
  readonly kind: "gaussian_process" | "random_forest";
  /** Hyper-parameters, where any were fitted. */
  readonly fit: Hyperparameters | undefined;
}

/** Fits what the settings ask for; `automatic` is the kind that explains held-out points better. */
export function fitSurrogate(task: SurrogateTask): FittedSurrogate {
  const { settings, values, random, earlier } = task;
  if (settings.surrogate === "random_forest")
    return { surrogate: forestOf(task), kind: "random_forest", fit: undefined };
  const earlierMeans = earlier === undefined ? undefined : meansOf(earlier, task);
  const trend = earlierMeans === undefined ? undefined : trendOf(earlierMeans, values);
  const rest = trend === undefined ? task : { ...task, values: trendless(values, earlierMeans!, trend) };
  const fit = fitHyperparameters(
    samplesOf(rest, chooseSubset(values, mostFitted, random("fit subset"))),
    random("fit"),
    {
      priors: {
        lengthscale: settings.lengthscalePrior,
        outputscale: settings.outputscalePrior,
        noise: settings.noisePrior,
      },
      noise: settings.noise,
      previous: task.previous,
      ...fitEffort(values.length, task.trial, task.previous === undefined),
    },
  );
  const samples = samplesOf(rest, chooseSubset(values, mostModelled, random("subset")));
  if (settings.surrogate === "automatic" && earlier === undefined) {
    const kind = chooseSurrogate(samples, { hyper: fit, trees: settings.trees }, random("choice"));
    if (kind === "random_forest") return { surrogate: forestOf(task), kind, fit };
  }
  const process = new GaussianProcess(samples, fit);
  const surrogate =
    earlier === undefined || trend === undefined ? process : new TransferredProcess(earlier, trend, process);
  return { surrogate, kind: "gaussian_process", fit };
}

/**
 * How hard hyper-parameters are searched: much while samples are few, and a fit is cheap and uncertain; later mostly
 * from the last fit, with a fresh start now and then.
 */
function fitEffort(
  samples: number,
  trial: number,
  first: boolean,
): { draws: number; climbs: number; iterations: number } {
  if (samples <= 30) return { draws: 20, climbs: 2, iterations: 25 };
  const fresh = first || trial % 4 === 0;
  if (samples <= 60) return { draws: fresh ? 10 : 0, climbs: fresh ? 1 : 0, iterations: 12 };
  return { draws: fresh ? 3 : 0, climbs: fresh ? 1 : 0, iterations: 8 };
}

function forestOf(task: SurrogateTask): Forest {
  const samples = samplesOf(task, chooseSubset(task.values, 5 * mostModelled, task.random("subset")));
  const weights = new Float64Array(samples.values.length).fill(1);
  const options = { trees: task.settings.trees, columns: 0.5, bootstrap: true, randomCuts: true };
  return new Forest({ ...samples, weights }, task.random("forest"), options);
}

function samplesOf(
  { points, values, features }: Pick<SurrogateTask, "points" | "values" | "features">,
  indices: readonly number[],
): Samples {
  return {
    rows: features.rows(indices.map((index) => points[index]!)),
    values: Float64Array.from(indices, (index) => values[index]!),
    width: features.width,
  };
}

function meansOf(model: GaussianProcess, { points, values, features }: SurrogateTask): Float64Array {
  const rows = features.rows(points);
  return values.map((_, i) => model.meanAt(rows, i * features.width));
}

function trendless(values: Float64Array, earlierMeans: Float64Array, { offset, slope }: Trend): Float64Array {
  return values.map((value, i) => value - offset - slope * earlierMeans[i]!);
}
