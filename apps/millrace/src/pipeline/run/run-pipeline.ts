/** Runs the stages of a pipeline that have no result yet, each once what it takes is there. */
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import type { Workplace } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import type { JsonValue } from "../../terminal/json.ts";
import type { Pipeline, Stage } from "../pipeline.ts";
import type { StageResult } from "../stage-result.ts";
import { type PlanPlace, planStage, type StagePlan, writeLast } from "./plan-pipeline.ts";
import { attemptStage, errorOfStage, type StageTask } from "./run-stage.ts";
import { ingredientsOf, keyOf } from "./stage-key.ts";
import { attemptInThread } from "./stage-thread.ts";

/** How stages run. */
export interface RunSettings {
  readonly place: PlanPlace;
  /** Run folder, named from the folder that the user works in. */
  readonly out: string;
  /** Stages at the same time, each in a thread of its own; with 1 they run in this thread. */
  readonly jobs: number;
}

/** A stage with its result. */
export interface FinishedStage {
  readonly stage: Stage;
  readonly result: StageResult;
  /** Whether the result was there before. */
  readonly cached: boolean;
  /** Whether what it gives depends on times of this machine, its own or those of a stage that it takes from. */
  readonly measured: boolean;
}

/**
 * Runs a pipeline; every result is kept before the next stage begins.
 *
 * @throws {MillraceError} `interrupted` if the user asked to stop, `file-unwritable`
 * @throws {DiagnosticError} where a stage refuses what it is given
 */
export function runPipeline(
  pipeline: Pipeline,
  settings: RunSettings,
  workplace: Workplace,
): Promise<readonly FinishedStage[]> {
  return new PipelineRun(pipeline, settings, workplace).run();
}

class PipelineRun {
  readonly #pipeline: Pipeline;
  readonly #settings: RunSettings;
  readonly #workplace: Workplace;
  readonly #plans = new Map<string, StagePlan>();
  readonly #cached = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(pipeline: Pipeline, settings: RunSettings, workplace: Workplace) {
    this.#pipeline = pipeline;
    this.#settings = settings;
    this.#workplace = workplace;
  }

  async run(): Promise<readonly FinishedStage[]> {
    const { stages } = this.#pipeline;
    try {
      for (;;) {
        for (const stage of stages) this.#startIfReady(stage);
        if (this.#running.size === 0) break;
        await Promise.race(this.#running.values());
      }
    } finally {
      await Promise.allSettled(this.#running.values());
      this.#keepIngredients();
    }
    rmSync(this.#workFolder, { recursive: true, force: true });
    const measured = new Set<string>();
    return stages.map((stage) => {
      const { name, kind, from } = stage;
      if (kind.measures === "all" || Object.values(from).some((source) => measured.has(source))) measured.add(name);
      const { result } = this.#plans.get(name)!.kept!;
      return { stage, result, cached: this.#cached.has(name), measured: measured.has(name) };
    });
  }

  get #workFolder(): string {
    return resolve(this.#workplace.host.folder, this.#settings.out, "work");
  }

  /** Plans a stage whose inputs are there, and starts it if it has no result and there is room. */
  #startIfReady(stage: Stage): void {
    const { name, from } = stage;
    if (this.#running.has(name) || this.#plans.get(name)?.kept !== undefined) return;
    if (Object.values(from).some((source) => this.#plans.get(source)?.kept === undefined)) return;
    const { folder } = this.#pipeline;
    const plan = this.#plans.get(name) ?? planStage(stage, this.#plans, { folder, place: this.#settings.place });
    this.#plans.set(name, plan);
    if (plan.kept !== undefined) {
      this.#cached.add(name);
      // What waits for it stands behind it.
      return;
    }
    if (!this.#hasRoom(stage)) return;
    const ended = this.#execute(plan).finally(() => this.#running.delete(name));
    // A failure is heard where the run waits for it.
    ended.catch(() => {});
    this.#running.set(name, ended);
  }

  /** What is measured runs by itself. */
  #hasRoom({ kind }: Stage): boolean {
    const others = [...this.#running.keys()].map((name) => this.#plans.get(name)!.stage.kind);
    if (others.length === 0) return true;
    return (
      others.length < this.#settings.jobs &&
      kind.measures === undefined &&
      others.every(({ measures }) => measures === undefined)
    );
  }

  async #execute({ stage, key, ingredients }: StagePlan): Promise<void> {
    const { host, progress } = this.#workplace;
    const { stages, folder } = this.#pipeline;
    const done = [...this.#plans.values()].filter(({ kept }) => kept !== undefined).length;
    if (host.stopRequested()) throw interrupted(done, stages.length);
    const at = `${stages.indexOf(stage) + 1}/${stages.length} ${stage.name}`;
    progress.begin(at);
    const work = resolve(this.#workFolder, key!);
    const inputs = Object.fromEntries(
      Object.entries(stage.from).map(([input, source]) => [
        input,
        this.#plans.get(source)!.kept!.result.output as JsonValue,
      ]),
    );
    const task: StageTask = {
      name: stage.name,
      kind: stage.kind.name,
      options: stage.options,
      inputs,
      place: { folder, work, key: key! },
    };
    const attempt = this.#settings.jobs > 1 ? attemptInThread : attemptStage;
    const outcome = await attempt(task, {
      now: () => host.now(),
      stopRequested: () => host.stopRequested(),
      begin: (text) => progress.begin(`${at}: ${text}`),
      report: (reached, total, unit) => progress.report(reached, total, unit),
    });
    if ("fault" in outcome) {
      if (outcome.fault.status === 130) throw interrupted(done, stages.length);
      throw errorOfStage(stage.name, outcome.fault);
    }
    if (keyOf(ingredientsOf(stage, ingredients!.inputs, folder)) !== key) {
      throw new MillraceError("argument", `a file of stage ${stage.name} changed while it ran`, {
        help: "run it again",
      });
    }
    const kept = this.#settings.place.cache.write(key!, outcome);
    this.#plans.set(stage.name, { ...this.#plans.get(stage.name)!, kept });
    this.#keepIngredients();
  }

  #keepIngredients(): void {
    const { stages } = this.#pipeline;
    const { last } = this.#settings.place;
    // A stage that this run did not come to keeps what is known of it.
    const known = stages.flatMap((stage): Pick<StagePlan, "stage" | "ingredients">[] => {
      const plan = this.#plans.get(stage.name);
      if (plan?.kept !== undefined) return [plan];
      const before = last[stage.name];
      return before === undefined ? [] : [{ stage, ingredients: before }];
    });
    writeLast(this.#workplace.host.folder, this.#settings.out, known);
  }
}

function interrupted(done: number, all: number): MillraceError {
  return new MillraceError("interrupted", `interrupted after ${done} of ${all} stages`, {
    help: "the same command goes on where it stopped",
  });
}
