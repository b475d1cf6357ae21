/**
 * A run, event by event, from the beginning or from where a log ends: the learner, then its controls, plain sampling with
 * as many samples and the enumerator, and then, if asked for, the improvement of what was found, with a control of its own.
 */
import { AsplError } from "../errors.ts";
import { ChatError, type ChatModel } from "../llm/chat-model.ts";
import { enumerate } from "../offline/enumerate.ts";
import { printPython } from "../program/print-python.ts";
import type { Task } from "../tasks/task.ts";
import type { ControllerState } from "./controller.ts";
import type { EnumeratedEvent, LearningEvent } from "./events.ts";
import { Learner } from "./learner.ts";
import type { OptimizerState } from "./optimize.ts";
import { runOptimizer } from "./optimizer.ts";
import { RunLog } from "./run-log.ts";
import { Interrupted, Sampler } from "./sampler.ts";
import type { LearningSpec } from "./spec.ts";

/** What a run needs. */
export interface LearningOptions {
  readonly spec: LearningSpec;
  /** The tasks of the spec, and nothing else. */
  readonly tasks: readonly Task[];
  readonly model: ChatModel;
  /** Events of an earlier, interrupted run with the same spec. */
  readonly earlier?: readonly LearningEvent[];
  /** Called with every new event, in order. */
  readonly append: (event: LearningEvent) => void;
  /** Calls under way at once; 1 unless given. Their number does not change the events. */
  readonly jobs?: number;
  /** Asked before each call: whether to stop, keeping what there is. */
  readonly interrupted?: () => boolean;
  /** Called with how many samples were judged so far. */
  readonly watch?: (samples: number) => void;
}

/** How a run ended. */
export interface LearningResult {
  /** Of the learner. */
  readonly state: ControllerState;
  /** Of plain sampling; absent if there was none. */
  readonly control?: ControllerState;
  /** Of improving, and of its control; absent if there was none. */
  readonly optimized?: OptimizerState;
  readonly optimizedControl?: OptimizerState;
  /** Of the learner. */
  readonly samples: number;
  /** Whether it was stopped from outside: the log can be gone on with. */
  readonly interrupted: boolean;
}

/**
 * Learns. The events that are appended depend on the spec, the tasks and the model's answers alone.
 *
 * @throws {AsplError} `options` if an earlier log is of another run.
 * @throws {ChatError} `refused` or `missing` if the model cannot be asked at all.
 */
export async function runLearning(options: LearningOptions): Promise<LearningResult> {
  return new LearningRun(options).run();
}

type Found = Pick<LearningResult, "control" | "optimized" | "optimizedControl">;

class LearningRun {
  readonly #options: LearningOptions;
  readonly #spec: LearningSpec;
  readonly #sampler: Sampler;
  readonly #log: RunLog;
  readonly #learner: Learner;
  #found: Found = {};

  constructor(options: LearningOptions) {
    const { spec, tasks, model, earlier = [], append, jobs = 1, interrupted = () => false, watch = () => {} } = options;
    this.#options = options;
    this.#spec = spec;
    this.#sampler = new Sampler({ spec, tasks: new Map(tasks.map((task) => [task.id, task])), model, interrupted });
    this.#log = new RunLog({ earlier, append, jobs: Math.max(1, jobs), watch });
    const { policy, maximumIterations, maximumSamples = Number.POSITIVE_INFINITY } = spec;
    const shared = { spec, sampler: this.#sampler, log: this.#log };
    this.#learner = new Learner({ ...shared, policy, maximumIterations, maximumSamples });
  }

  async run(): Promise<LearningResult> {
    this.#begin();
    try {
      await this.#learner.run();
      if (this.#spec.controls !== undefined) await this.#controls(this.#spec.controls.enumeratorOperators);
      if (this.#spec.optimize !== undefined) await this.#optimize();
    } catch (error) {
      if (error instanceof Interrupted) return this.#result(true);
      if (!(error instanceof ChatError) || error.code !== "budget") throw error;
      this.#learner.stopForBudget();
    }
    this.#log.end({ type: "stop", reason: this.#learner.state.stop ?? "budget" });
    return this.#result(false);
  }

  #begin(): void {
    const first: LearningEvent = { type: "run", version: 1, spec: this.#spec };
    if (JSON.stringify(this.#log.settle(() => first)) === JSON.stringify(first)) return;
    throw new AsplError(
      "options",
      "the log is of a run with other settings: give another folder, or the same settings",
    );
  }

  #result(interrupted: boolean): LearningResult {
    return { state: this.#learner.state, ...this.#found, samples: this.#learner.samples, interrupted };
  }

  async #controls(enumeratorOperators: number): Promise<void> {
    // Plain sampling is its own control.
    if (this.#spec.policy.kind !== "resample") {
      const control = new Learner({
        spec: this.#spec,
        policy: { kind: "resample" },
        phase: "resample",
        maximumIterations: Number.POSITIVE_INFINITY,
        maximumSamples: this.#learner.samples,
        sampler: this.#sampler,
        log: this.#log,
      });
      await control.run();
      this.#found = { ...this.#found, control: control.state };
    }
    for (const id of this.#spec.tasks) {
      if (this.#options.interrupted?.()) throw new Interrupted();
      this.#log.settle(() => this.#enumerated(id, enumeratorOperators));
    }
  }

  #enumerated(task: string, maximumApplications: number): EnumeratedEvent {
    const { program, applications } = enumerate(this.#sampler.verifier(task), { maximumApplications });
    return { type: "enumerated", task, program: program === undefined ? null : printPython(program), applications };
  }

  async #optimize(): Promise<void> {
    const shared = { spec: this.#spec, sampler: this.#sampler, log: this.#log };
    const { experiences } = this.#learner.state;
    const optimized = await runOptimizer({ ...shared, experiences, phase: "optimize" });
    this.#found = { ...this.#found, optimized };
    const optimizedControl = await runOptimizer({ ...shared, experiences, phase: "optimize-control" });
    this.#found = { ...this.#found, optimizedControl };
  }
}
