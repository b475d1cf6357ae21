/** Chooses the next point of a study from what was told so far: fits the models and searches the acquisition. */
import { searchAcquisition } from "../acquisition/search.ts";
import { Random } from "../numeric/random.ts";
import type { Settings } from "../scenario/settings.ts";
import { FeatureMap } from "../space/features.ts";
import type { Space } from "../space/space.ts";
import type { Point } from "../space/trees/tree.ts";
import { drawThreshold, FeasibilityModel } from "../surrogate/feasibility.ts";
import { fitHyperparameters } from "../surrogate/fit.ts";
import { Forest } from "../surrogate/forest.ts";
import { GaussianProcess } from "../surrogate/gaussian-process.ts";
import type { Hyperparameters } from "../surrogate/log-posterior.ts";
import { scaled, scalingOf } from "../surrogate/scaling.ts";
import { chooseSubset } from "../surrogate/subset.ts";
import { scalarise } from "./scalarise.ts";
import type { Explanation } from "./trial.ts";

/** A point that was told: NaN where it failed. */
export interface Told {
  readonly point: Point;
  readonly value: number;
  /** All objectives, where there are several. */
  readonly objectives?: readonly number[] | undefined;
}

/** What is known when a point is asked for. */
export interface Known {
  /** In the order of their trials. */
  readonly told: readonly Told[];
  /** Points whose evaluation runs. */
  readonly pending: readonly Point[];
  /** Keys of all these. */
  readonly taken: ReadonlySet<number | string>;
  /** The number of the trial; names its random streams. */
  readonly trial: number;
}

/** A point to evaluate, and why. */
export interface Advice {
  readonly point: Point;
  readonly why: Explanation;
}

const mostFitted = 120;
const mostModelled = 500;
const defaultCandidates = 1000;
/** Bounds the climbs: a look at a point takes the square of the number of samples. */
const climbingWork = 6e7;

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

/** The models of a study. Deterministic: what it advises depends on the seed, the data and the last fit alone. */
export class Advisor {
  readonly #space: Space;
  readonly #settings: Settings;
  readonly #seed: number | string;
  readonly #features: FeatureMap;
  #lastFit: Hyperparameters | undefined;

  constructor(space: Space, settings: Settings, seed: number | string) {
    this.#space = space;
    this.#settings = settings;
    this.#seed = seed;
    this.#features = new FeatureMap(space.parameters, settings.normalizeInputs);
  }

  /** The hyper-parameters found last; a study that resumes sets them. */
  get lastFit(): Hyperparameters | undefined {
    return this.#lastFit;
  }

  set lastFit(hyper: Hyperparameters | undefined) {
    this.#lastFit = hyper;
  }

  /** The best point to evaluate next; `undefined` where the models have nothing to say. */
  advise(known: Known): Advice | undefined {
    const working = known.told.filter(({ value }) => !Number.isNaN(value));
    if (working.length < 2) return undefined;
    const random = (purpose: string) => new Random(this.#seed, known.trial, purpose);
    const several = working.every(({ objectives }) => objectives !== undefined);
    const told = several
      ? scalarise(
          working.map(({ objectives }) => objectives!),
          random("weights"),
          this.#settings.logObjective,
        )
      : working.map(({ value }) => value);
    // What was made one of several objectives is logarithmic already.
    const scaling = scalingOf(told, several ? false : this.#settings.logObjective);
    const values = Float64Array.from(told, (value) => scaled(scaling, value));
    const surrogate = this.#surrogate(working, values, { known, random });
    if (surrogate instanceof GaussianProcess) this.#believe(surrogate, known.pending);
    const threshold =
      this.#settings.predictFeasibility !== false
        ? drawThreshold(this.#settings.feasibilityThreshold, random("threshold"))
        : 0;
    const order = [...working.keys()].sort((a, b) => values[a]! - values[b]!);
    const target =
      this.#settings.target === null || several ? Number.POSITIVE_INFINITY : scaled(scaling, this.#settings.target);
    const candidates = this.#settings.candidates ?? defaultCandidates;
    const found = searchAcquisition(
      {
        space: this.#space,
        features: this.#features,
        parts: {
          surrogate,
          feasibility: this.#feasibility(known.told, random("feasibility")),
          best: Math.min(values[order[0]!]!, Number.isNaN(target) ? Number.POSITIVE_INFINITY : target),
          exploration: this.#settings.exploration,
          threshold,
          noise: this.#settings.predictNoiseless ? 0 : (this.#lastFit?.noise ?? 0),
        },
        excluded: known.taken,
        good: order.slice(0, 5).map((index) => working[index]!.point),
        candidates,
        mostLooks: candidates + Math.max(300, climbingWork / Math.min(working.length, mostModelled) ** 2),
        climbs: this.#settings.climbs,
      },
      random("search"),
    );
    if (found === undefined) return undefined;
    const { mean, deviation, feasible, worth } = found.appraisal;
    const why = {
      surrogate: this.#settings.surrogate,
      mean,
      deviation,
      feasible,
      threshold,
      logImprovement: worth - Math.log(feasible),
    };
    return { point: found.point, why };
  }

  #surrogate(
    working: readonly Told[],
    values: Float64Array,
    { known, random }: { readonly known: Known; readonly random: (purpose: string) => Random },
  ): GaussianProcess | Forest {
    const width = this.#features.width;
    const samplesOf = (indices: readonly number[]) => ({
      rows: this.#features.rows(indices.map((index) => working[index]!.point)),
      values: Float64Array.from(indices, (index) => values[index]!),
      width,
    });
    if (this.#settings.surrogate === "random_forest") {
      const samples = samplesOf(chooseSubset(values, 5 * mostModelled, random("subset")));
      const weights = new Float64Array(samples.values.length).fill(1);
      const options = { trees: this.#settings.trees, columns: 0.5, bootstrap: true, randomCuts: true };
      return new Forest({ ...samples, weights }, random("forest"), options);
    }
    const effort = fitEffort(working.length, known.trial, this.#lastFit === undefined);
    this.#lastFit = fitHyperparameters(
      samplesOf(chooseSubset(values, mostFitted, random("fit subset"))),
      random("fit"),
      {
        priors: {
          lengthscale: this.#settings.lengthscalePrior,
          outputscale: this.#settings.outputscalePrior,
          noise: this.#settings.noisePrior,
        },
        noise: this.#settings.noise,
        previous: this.#lastFit,
        ...effort,
      },
    );
    return new GaussianProcess(samplesOf(chooseSubset(values, mostModelled, random("subset"))), this.#lastFit);
  }

  /** Takes running evaluations as if they had given what the model expects. */
  #believe(surrogate: GaussianProcess, pending: readonly Point[]): void {
    for (const point of pending) {
      const row = this.#features.rows([point]);
      surrogate.append(row, surrogate.meanAt(row, 0));
    }
  }

  #feasibility(told: readonly Told[], random: Random): FeasibilityModel {
    const width = this.#features.width;
    if (this.#settings.predictFeasibility === false)
      return new FeasibilityModel({ rows: new Float64Array(), feasible: [], width }, random);
    const recent = told.slice(-5 * mostModelled);
    const feasible = recent.map(({ value }) => !Number.isNaN(value));
    return new FeasibilityModel(
      { rows: this.#features.rows(recent.map(({ point }) => point)), feasible, width },
      random,
    );
  }
}
