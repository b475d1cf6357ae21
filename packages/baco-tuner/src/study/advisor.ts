/** Chooses the next point of a study from what was told so far: fits the models and searches the acquisition. */
import { type Acquisition, type FeasibilityBound, improvement } from "../acquisition/acquisition.ts";
import { withExpertPrior } from "../acquisition/expert-prior.ts";
import { hypervolumeImprovement } from "../acquisition/hypervolume-improvement.ts";
import { searchAcquisition } from "../acquisition/search.ts";
import { Random } from "../numeric/random.ts";
import type { Settings } from "../scenario/settings.ts";
import { FeatureMap } from "../space/features.ts";
import type { Space } from "../space/space.ts";
import type { Point } from "../space/trees/tree.ts";
import { drawThreshold, FeasibilityModel } from "../surrogate/feasibility.ts";
import { type FittedSurrogate, fitSurrogate, mostModelled, type SurrogateTask } from "../surrogate/fit-surrogate.ts";
import type { GaussianProcess } from "../surrogate/gaussian-process.ts";
import type { Hyperparameters } from "../surrogate/log-posterior.ts";
import { scaled, scalingOf } from "../surrogate/scaling.ts";
import { paretoFront } from "./pareto.ts";
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
  /** Suggestions of the model so far. */
  readonly suggested: number;
}

/** A point to evaluate, and why. */
export interface Advice {
  readonly point: Point;
  readonly why: Explanation;
}

/** An acquisition, the kind of its model, and the told points from the best on. */
interface Aim {
  readonly acquisition: Acquisition;
  readonly kind: FittedSurrogate["kind"];
  readonly order: readonly number[];
}

const defaultCandidates = 1000;
/** Bounds the climbs: a look at a point takes the square of the number of samples. */
const climbingWork = 6e7;

/** The models of a study. Deterministic: what it advises depends on the seed, the data and the last fit alone. */
export class Advisor {
  readonly #space: Space;
  readonly #settings: Settings;
  readonly #seed: number | string;
  readonly #features: FeatureMap;
  #earlier: GaussianProcess | undefined;
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

  /** Lets later models follow what an earlier study found. */
  follow(earlier: readonly Told[]): void {
    const random = (purpose: string) => new Random(this.#seed, "earlier", purpose);
    const settings = { ...this.#settings, surrogate: "gaussian_process" } as const;
    const values = this.#modelled(earlier.map(({ value }) => value));
    const points = earlier.map(({ point }) => point);
    const task = { points, values, features: this.#features, settings, random, trial: 0 };
    this.#earlier = fitSurrogate({ ...task, previous: undefined, earlier: undefined }).surrogate as GaussianProcess;
  }

  /** The best point to evaluate next; `undefined` where the models have nothing to say. */
  advise(known: Known): Advice | undefined {
    const working = known.told.filter(({ value }) => !Number.isNaN(value));
    if (working.length < 2) return undefined;
    const random = (purpose: string) => new Random(this.#seed, known.trial, purpose);
    const { predictFeasibility, feasibilityThreshold, climbs } = this.#settings;
    const threshold = predictFeasibility !== false ? drawThreshold(feasibilityThreshold, random("threshold")) : 0;
    const bound = { feasibility: this.#feasibility(known.told, random("feasibility")), threshold };
    const aim = this.#aim(working, bound, { known, random });
    const candidates = this.#settings.candidates ?? defaultCandidates;
    const byPrior = this.#settings.acquisition === "EI_PIBO" && this.#space.hasPrior;
    const prior = {
      weight: this.#settings.priorWeight,
      floor: this.#settings.priorFloor,
      suggestion: known.suggested + 1,
    };
    const found = searchAcquisition(
      {
        space: this.#space,
        features: this.#features,
        acquisition: byPrior ? withExpertPrior(aim.acquisition, this.#space, prior) : aim.acquisition,
        excluded: known.taken,
        good: aim.order.slice(0, 5).map((index) => working[index]!.point),
        candidates,
        byPrior,
        mostLooks: candidates + Math.max(300, climbingWork / Math.min(working.length, mostModelled) ** 2),
        climbs,
      },
      random("search"),
    );
    if (found === undefined) return undefined;
    const { mean, deviation, feasible, worth } = found.appraisal;
    const logImprovement = worth - Math.log(feasible);
    return { point: found.point, why: { surrogate: aim.kind, mean, deviation, feasible, threshold, logImprovement } };
  }

  /** What is looked for: improvement of the objective, of several along a direction, or of the volume under two. */
  #aim(working: readonly Told[], bound: FeasibilityBound, context: Context): Aim {
    const settings = this.#settings;
    const several = working.every(({ objectives }) => objectives !== undefined);
    if (several && settings.severalObjectives === "hypervolume" && working[0]!.objectives!.length === 2)
      return this.#volumeAim(working, bound, context);
    const told = several
      ? scalarise(
          working.map(({ objectives }) => objectives!),
          context.random("weights"),
          settings.logObjective,
        )
      : working.map(({ value }) => value);
    // What was made one of several objectives is logarithmic already.
    const scaling = scalingOf(told, {
      logarithmic: several ? false : settings.logObjective,
      ceiling: settings.ceiling,
    });
    const values = Float64Array.from(told, (value) => scaled(scaling, value));
    const earlier = several ? undefined : this.#earlier;
    const { surrogate, kind, fit } = this.#fitted(working, values, { ...context, previous: this.#lastFit, earlier });
    this.#lastFit = fit ?? this.#lastFit;
    const order = [...working.keys()].sort((a, b) => values[a]! - values[b]!);
    const target = settings.target === null || several ? Number.NaN : scaled(scaling, settings.target);
    const parts = {
      ...bound,
      surrogate,
      best: Math.min(values[order[0]!]!, Number.isNaN(target) ? Number.POSITIVE_INFINITY : target),
      exploration: settings.exploration,
      noise: settings.predictNoiseless ? 0 : (fit?.noise ?? 0),
    };
    return { acquisition: improvement(parts), kind, order };
  }

  #volumeAim(working: readonly Told[], bound: FeasibilityBound, { known, random }: Context): Aim {
    const columns = [0, 1].map((i) => this.#modelled(working.map(({ objectives }) => objectives![i]!)));
    const models = columns.map((values, i) =>
      this.#fitted(working, values, {
        known,
        random: (purpose) => random(`${purpose} of objective ${i}`),
        previous: undefined,
        earlier: undefined,
      }),
    );
    const rows = working.map((_, at) => columns.map((values) => values[at]!));
    const best = paretoFront(rows).sort((a, b) => rows[a]![0]! - rows[b]![0]!);
    const points = best.map((at) => rows[at]!);
    const reference = columns.map((_, i) => {
      const reached = points.map((point) => point[i]!);
      const range = Math.max(...reached) - Math.min(...reached);
      return Math.max(...reached) + (range > 0 ? 0.1 * range : 1);
    });
    const [first, second] = models as [FittedSurrogate, FittedSurrogate];
    return {
      acquisition: hypervolumeImprovement([first.surrogate, second.surrogate], { points, reference }, bound),
      kind: first.kind,
      order: best,
    };
  }

  #fitted(
    working: readonly Told[],
    values: Float64Array,
    { known, random, ...from }: Context & Pick<SurrogateTask, "previous" | "earlier">,
  ): FittedSurrogate {
    const points = working.map(({ point }) => point);
    const task = { points, values, features: this.#features, settings: this.#settings, random, trial: known.trial };
    const fitted = fitSurrogate({ ...task, ...from });
    for (const point of known.pending) fitted.surrogate.believe?.(this.#features.rows([point]));
    return fitted;
  }

  #modelled(values: readonly number[]): Float64Array {
    const { logObjective: logarithmic, ceiling } = this.#settings;
    const scaling = scalingOf(values, { logarithmic, ceiling });
    return Float64Array.from(values, (value) => scaled(scaling, value));
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

interface Context {
  readonly known: Known;
  readonly random: (purpose: string) => Random;
}
