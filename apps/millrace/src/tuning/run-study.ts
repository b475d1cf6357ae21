/** The loop of a study: asks, evaluates several at a time, tells, until a limit is met. */
import { isOutOfRace, type LoggedStudy, type Outcome, type Trial } from "@millrace/baco-tuner";
import type { Host } from "../cli/host.ts";
import type { Objective } from "./evaluate/objective.ts";

/** When a study ends, and how evaluations are made. */
export interface StudyLimits {
  /** Evaluations in all, those of a resumed log included. */
  readonly budget: number;
  /** Milliseconds from the start of this process's part. */
  readonly time: number | undefined;
  /** A value this low is enough. */
  readonly target: number | undefined;
  readonly jobs: number;
  /** Milliseconds for one evaluation. */
  readonly timeout: number | undefined;
  /** How often an evaluation that crashed, hung or printed garbage is tried again. */
  readonly retries: number;
  /** Evaluations of one configuration, and how their values become one. */
  readonly repeat: number;
  readonly reduce: "mean" | "min" | "median";
  /** Whether a configuration is repeated no more once it is worse than the median of the others. */
  readonly race: boolean;
}

/** How a study ended: `exhausted` after every valid configuration. */
export type StudyEnd = "budget" | "time" | "target" | "exhausted" | "interrupted";

/** What the loop saw. */
export interface StudyRun {
  readonly end: StudyEnd;
  /** Milliseconds of each suggestion. */
  readonly overheads: readonly number[];
  /** Milliseconds of each evaluation of this process, by trial. */
  readonly durations: ReadonlyMap<number, number>;
  readonly invalidProposals: number;
}

/** Runs a study; `watch` is told after every evaluation. */
export async function runStudy(
  logged: LoggedStudy,
  objective: Objective,
  {
    limits,
    host,
    watch,
  }: {
    readonly limits: StudyLimits;
    readonly host: Pick<Host, "now" | "stopRequested">;
    readonly watch: (told: number) => void;
  },
): Promise<StudyRun> {
  return new StudyLoop(logged, objective, { limits, host, watch }).run();
}

const LOOK_MILLISECONDS = 50;

class StudyLoop {
  readonly #logged: LoggedStudy;
  readonly #objective: Objective;
  readonly #limits: StudyLimits;
  readonly #host: Pick<Host, "now" | "stopRequested">;
  readonly #watch: (told: number) => void;
  readonly #stop = new AbortController();
  readonly #running = new Map<number, Promise<void>>();
  readonly #overheads: number[] = [];
  readonly #durations = new Map<number, number>();
  /** The repeated values of each finished configuration of this process. */
  readonly #finished: (readonly number[])[] = [];
  readonly #began: number;
  #told = 0;
  #invalid = 0;
  #end: StudyEnd | undefined;

  constructor(
    logged: LoggedStudy,
    objective: Objective,
    {
      limits,
      host,
      watch,
    }: {
      readonly limits: StudyLimits;
      readonly host: Pick<Host, "now" | "stopRequested">;
      readonly watch: (told: number) => void;
    },
  ) {
    this.#logged = logged;
    this.#objective = objective;
    this.#limits = limits;
    this.#host = host;
    this.#watch = watch;
    this.#began = host.now();
    this.#told = logged.study.trials.filter(({ outcome }) => outcome !== undefined).length;
  }

  async run(): Promise<StudyRun> {
    const looking = setInterval(() => this.#look(), LOOK_MILLISECONDS);
    try {
      for (;;) {
        this.#look();
        if (this.#end === undefined) this.#start();
        if (this.#running.size === 0) break;
        await Promise.race(this.#running.values());
      }
    } finally {
      clearInterval(looking);
      this.#stop.abort();
      await Promise.all(this.#running.values());
      this.#objective.close();
    }
    return {
      end: this.#end ?? "budget",
      overheads: this.#overheads,
      durations: this.#durations,
      invalidProposals: this.#invalid,
    };
  }

  #look(): void {
    if (this.#end !== undefined) return;
    const { budget, time, target } = this.#limits;
    const best = this.#logged.study.best?.outcome;
    if (this.#host.stopRequested()) this.#end = "interrupted";
    else if (target !== undefined && best?.ok && best.value <= target) this.#end = "target";
    else if (this.#told >= budget) this.#end = "budget";
    else if (time !== undefined && this.#host.now() - this.#began >= time) this.#end = "time";
    if (this.#end !== undefined) this.#stop.abort();
  }

  #start(): void {
    const { jobs, budget } = this.#limits;
    while (this.#running.size < Math.min(jobs, budget - this.#told)) {
      const before = this.#host.now();
      const [trial] = this.#logged.ask();
      this.#overheads.push(this.#host.now() - before);
      if (trial === undefined) {
        if (this.#running.size === 0) this.#end = "exhausted";
        return;
      }
      const { space } = this.#logged.study;
      if ("message" in space.locate(trial.config)) this.#invalid += 1;
      this.#running.set(
        trial.id,
        this.#evaluate(trial).finally(() => this.#running.delete(trial.id)),
      );
    }
  }

  async #evaluate(trial: Trial): Promise<void> {
    const before = this.#host.now();
    const outcome = await this.#measure(trial);
    const duration = this.#host.now() - before;
    if (outcome === undefined) return;
    this.#logged.tell(trial.id, outcome, duration);
    this.#durations.set(trial.id, duration);
    this.#told += 1;
    this.#watch(this.#told);
  }

  async #measure(trial: Trial): Promise<Outcome | undefined> {
    const { repeat, reduce, race } = this.#limits;
    const found: (Outcome & { readonly ok: true })[] = [];
    const values: number[] = [];
    for (let i = 0; i < repeat && !(race && isOutOfRace(values, this.#finished)); i++) {
      const outcome = await this.#attempt(trial);
      if (!outcome?.ok) return outcome;
      found.push(outcome);
      values.push(outcome.value);
    }
    this.#finished.push(values);
    const [first] = found;
    if (found.length === 1) return first;
    const objectives = (first!.objectives ?? [first!.value]).map((_, i) =>
      reductions[reduce](found.map((each) => (each.objectives ?? [each.value])[i]!)),
    );
    return { ok: true, value: objectives[0]!, ...(objectives.length > 1 && { objectives }) };
  }

  async #attempt({ id, config }: Trial): Promise<Outcome | undefined> {
    const { timeout, retries } = this.#limits;
    for (let left = retries; ; left--) {
      const outcome = await this.#objective.evaluate({ trial: id, config, timeout, stop: this.#stop.signal });
      if (outcome === undefined || outcome.ok || outcome.kind === "infeasible" || left === 0) return outcome;
      if (this.#stop.signal.aborted) return undefined;
    }
  }
}

const reductions: Readonly<Record<StudyLimits["reduce"], (values: readonly number[]) => number>> = {
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  min: (values) => Math.min(...values),
  median(values) {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  },
};
