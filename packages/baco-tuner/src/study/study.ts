/**
 * A study: configurations are asked for, evaluated elsewhere, and told.
 *
 * What is asked depends on the space, the settings, the seed and the order of asks and tells, and on nothing else.
 * No configuration is suggested twice.
 */
import { TunerError } from "../errors.ts";
import { Random } from "../numeric/random.ts";
import { defaultSettings, type Settings } from "../scenario/settings.ts";
import type { Config } from "../space/parameter.ts";
import type { Sampling, Space } from "../space/space.ts";
import type { Point } from "../space/trees/tree.ts";
import type { Hyperparameters } from "../surrogate/log-posterior.ts";
import { Advisor } from "./advisor.ts";
import { paretoFront } from "./pareto.ts";
import type { Explanation, Outcome, Phase, Trial } from "./trial.ts";

/** Settings of a study; what is left out is as in the paper: dimension + 1 configurations first, then the model. */
export interface StudyOptions extends Partial<Settings> {
  /** Names the random streams; 1 if left out. */
  readonly seed?: number | string;
  /**
   * What an earlier study found for a like problem. Its best configurations stand in for the design, and the model follows
   * its values as far as this study bears them out. What is not valid here is left out.
   */
  readonly earlier?: readonly EarlierTrial[];
}

/** An evaluation of another study; less is better. */
export interface EarlierTrial {
  readonly config: Config;
  readonly value: number;
}

/** What a study will do next: `exhausted` when every valid configuration was asked. */
export type StudyState = "design" | "model" | "exhausted";

/** Fewer earlier evaluations say nothing; so many of the best are evaluated again. */
const fewestFollowed = 2;
const firstFromEarlier = 3;

interface Entry {
  trial: Trial;
  readonly point: Point;
}

/** The state of a study. */
export class Study {
  readonly space: Space;
  readonly settings: Settings;
  readonly seed: number | string;
  readonly #entries: Entry[] = [];
  readonly #taken = new Set<number | string>();
  readonly #queue: Point[] = [];
  readonly #advisor: Advisor;
  /** Whether an earlier study stands in for the design. */
  #warm = false;
  #designed = 0;

  constructor(space: Space, { seed = 1, earlier = [], ...settings }: StudyOptions = {}) {
    this.space = space;
    this.settings = {
      ...defaultSettings,
      designSamples: space.parameters.length + 1,
      predictFeasibility: true,
      ...settings,
    };
    this.seed = seed;
    this.#advisor = new Advisor(space, this.settings, seed);
    this.#queueDefault();
    this.#follow(earlier);
  }

  /** All trials, in the order in which they were asked. */
  get trials(): readonly Trial[] {
    return this.#entries.map(({ trial }) => trial);
  }

  /** A trial by its number. */
  trial(id: number): Trial | undefined {
    return this.#entries[id]?.trial;
  }

  /** What comes next. */
  get state(): StudyState {
    if (this.space.size !== null && BigInt(this.#taken.size) >= this.space.size) return "exhausted";
    return !this.#warm && this.#designed < this.settings.designSamples ? "design" : "model";
  }

  /** The hyper-parameters of the last fit. */
  get lastFit(): Hyperparameters | undefined {
    return this.#advisor.lastFit;
  }

  /** The trial with the least value so far. */
  get best(): Trial | undefined {
    let best: Trial | undefined;
    for (const { trial } of this.#entries)
      if (rankedValue(trial) < (best === undefined ? Number.POSITIVE_INFINITY : rankedValue(best))) best = trial;
    return best;
  }

  /** Trials that no other beats in all objectives; with one objective, the best. */
  get pareto(): readonly Trial[] {
    const working = this.trials.filter(({ outcome }) => outcome?.ok);
    const front = paretoFront(
      working.map(({ outcome }) => (outcome?.ok ? (outcome.objectives ?? [outcome.value]) : [])),
    );
    return front.map((index) => working[index]!);
  }

  /** The next `count` configurations to evaluate: distinct and new; fewer only when the space is exhausted. */
  ask(count = 1): Trial[] {
    const asked: Trial[] = [];
    while (asked.length < count && this.state !== "exhausted") {
      const trial = this.#next();
      if (trial === undefined) break;
      asked.push(trial);
    }
    return asked;
  }

  /**
   * Takes the outcome of a trial. A value that is no finite number counts as a failure. Telling the same again
   * changes nothing.
   *
   * @throws {TunerError} `trial` if there is no such trial, or it was told another outcome.
   */
  tell(id: number, outcome: Outcome): void {
    const entry = this.#entries[id];
    if (entry === undefined)
      throw new TunerError("trial", `there is no trial ${id}; ${this.#entries.length} were asked`);
    const told: Outcome =
      outcome.ok && !(outcome.objectives ?? [outcome.value]).every((value) => Number.isFinite(value))
        ? { ok: false, kind: "not-a-number", detail: (outcome.objectives ?? [outcome.value]).join(", ") }
        : outcome;
    const before = entry.trial.outcome;
    if (before !== undefined) {
      if (JSON.stringify(before) === JSON.stringify(told)) return;
      throw new TunerError(
        "trial",
        `trial ${id} was told ${JSON.stringify(before)} before, and now ${JSON.stringify(told)}`,
      );
    }
    entry.trial = { ...entry.trial, outcome: told };
  }

  /** Takes an evaluation that was not asked for. @throws {TunerError} `configuration` if it is not valid or not new. */
  tellConfig(config: Config, outcome: Outcome): Trial {
    const trial = this.#add(this.#locate(config), "told");
    this.tell(trial.id, outcome);
    return this.#entries[trial.id]!.trial;
  }

  /** Lets a configuration be the next one asked. @throws {TunerError} `configuration` if it is not valid or not new. */
  enqueue(config: Config): void {
    const point = this.#locate(config);
    if (this.#queue.every((each) => this.space.keyOf(each) !== this.space.keyOf(point))) this.#queue.push(point);
  }

  /** Repeats an ask from a log: the trial as it was, the last fit as it was. @throws {TunerError} `study-log`. */
  restore(record: {
    readonly id: number;
    readonly config: Config;
    readonly phase: Phase;
    readonly why?: Explanation;
    readonly fit?: Hyperparameters;
  }): void {
    const point = this.space.locate(record.config);
    if (!isPoint(point))
      throw new TunerError("study-log", `trial ${record.id} is no configuration of this space: ${point.message}`);
    const key = this.space.keyOf(point);
    if (record.id !== this.#entries.length || this.#taken.has(key)) {
      throw new TunerError("study-log", `trial ${record.id} is out of order or repeated`);
    }
    const queued = this.#queue.findIndex((each) => this.space.keyOf(each) === key);
    if (queued >= 0) this.#queue.splice(queued, 1);
    this.#add(point, record.phase, record.why);
    this.#advisor.lastFit = record.fit ?? this.#advisor.lastFit;
  }

  #queueDefault(): void {
    const { parameters } = this.space;
    if (parameters.some((parameter) => parameter.default === undefined)) return;
    const point = this.space.locate(Object.fromEntries(parameters.map((each) => [each.name, each.default!])));
    if (isPoint(point)) this.#queue.push(point);
  }

  #follow(earlier: readonly EarlierTrial[]): void {
    const known = earlier.flatMap(({ config, value }) => {
      const point = this.space.locate(config);
      return isPoint(point) && Number.isFinite(value) ? [{ point, value }] : [];
    });
    if (known.length < fewestFollowed) return;
    this.#advisor.follow(known);
    this.#warm = true;
    const best = known.toSorted((a, b) => a.value - b.value);
    this.#queue.push(...best.slice(0, firstFromEarlier).map(({ point }) => point));
  }

  #locate(config: Config): Point {
    const point = this.space.locate(config);
    if (!isPoint(point)) throw new TunerError("configuration", point.message);
    if (this.#taken.has(this.space.keyOf(point)))
      throw new TunerError("configuration", "the configuration was asked or told before");
    return point;
  }

  #next(): Trial | undefined {
    for (let queued = this.#queue.shift(); queued !== undefined; queued = this.#queue.shift()) {
      if (this.#taken.has(this.space.keyOf(queued))) continue;
      return this.#add(queued, this.#entries.length === 0 && this.#isDefault(queued) ? "default" : "enqueued");
    }
    if (this.settings.method === "exhaustive" && this.space.size !== null) return this.#inOrder();
    if (this.state === "design") return this.#draw("design", this.#designSampling());
    if (this.settings.method !== "model")
      return this.#draw("random", this.settings.method === "biased" ? "biased" : "uniform");
    const greedy = new Random(this.seed, this.#entries.length, "epsilon").float() < this.settings.epsilon;
    const advice = greedy ? undefined : this.#advisor.advise(this.#known());
    return advice === undefined ? this.#draw("random", "uniform") : this.#add(advice.point, "model", advice.why);
  }

  #known(): Parameters<Advisor["advise"]>[0] {
    const told = this.#entries
      .filter(({ trial }) => trial.outcome !== undefined)
      .map(({ trial: { outcome }, point }) =>
        outcome?.ok ? { point, value: outcome.value, objectives: outcome.objectives } : { point, value: Number.NaN },
      );
    const pending = this.#entries.filter(({ trial }) => trial.outcome === undefined).map(({ point }) => point);
    const suggested = this.#entries.filter(({ trial }) => trial.phase === "model").length;
    return { told, pending, taken: this.#taken, trial: this.#entries.length, suggested };
  }

  #designSampling(): Sampling {
    const { acquisition, designSampling } = this.settings;
    return acquisition === "EI_PIBO" && this.space.hasPrior ? "prior" : designSampling;
  }

  #draw(phase: Phase, how: Sampling): Trial | undefined {
    const random = new Random(this.seed, this.#entries.length, phase);
    const [point] = this.space.sample(1, random, { how, taken: this.#taken });
    return point === undefined ? undefined : this.#add(point, phase);
  }

  #inOrder(): Trial | undefined {
    for (
      let rank = BigInt(this.#designed === this.#entries.length ? this.#designed : 0);
      rank < this.space.size!;
      rank++
    ) {
      const point = this.space.pointAt(rank);
      if (!this.#taken.has(this.space.keyOf(point))) return this.#add(point, "design");
    }
    return undefined;
  }

  #isDefault(point: Point): boolean {
    const config = this.space.configAt(point);
    return this.space.parameters.every(
      ({ name, default: start }) => JSON.stringify(config[name]) === JSON.stringify(start),
    );
  }

  #add(point: Point, phase: Phase, why?: Explanation): Trial {
    const trial: Trial = { id: this.#entries.length, config: this.space.configAt(point), phase, ...(why && { why }) };
    this.#entries.push({ trial, point });
    this.#taken.add(this.space.keyOf(point));
    if (phase === "design" || phase === "default") this.#designed += 1;
    return trial;
  }
}

function isPoint(found: Point | { readonly message: string }): found is Point {
  return found instanceof Float64Array;
}

function rankedValue(trial: Trial): number {
  return trial.outcome?.ok ? trial.outcome.value : Number.POSITIVE_INFINITY;
}
