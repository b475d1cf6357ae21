/** The learning loop of one policy: plans, samples, experiences. */
import { RandomStream } from "@millrace/tensor";
import { type Demonstration, proposerPrompt } from "../agents/prompts.ts";
import { printPython } from "../program/print-python.ts";
import {
  advance,
  type ControllerState,
  nextPlan,
  type Policy,
  type SamplePlan,
  startLearning,
  stopForBudget,
} from "./controller.ts";
import type { IterationEvent, SampleEvent, SampleKey, SolvedTask } from "./events.ts";
import { type Experience, selectAnswer } from "./experience.ts";
import type { RunLog } from "./run-log.ts";
import type { Sampler } from "./sampler.ts";
import type { LearningSpec } from "./spec.ts";

/** What a learner samples with, and how far. */
export interface LearnerOptions {
  readonly spec: LearningSpec;
  readonly policy: Policy;
  readonly phase?: "resample";
  readonly maximumIterations: number;
  readonly maximumSamples: number;
  readonly sampler: Sampler;
  readonly log: RunLog;
}

/** Learns with one policy; `state` tells where it stands, whatever ends it. */
export class Learner {
  readonly #options: LearnerOptions;
  #state: ControllerState;
  #samples = 0;

  constructor(options: LearnerOptions) {
    this.#options = options;
    this.#state = startLearning(options.spec.tasks, options.policy);
  }

  get state(): ControllerState {
    return this.#state;
  }

  /** Samples taken. */
  get samples(): number {
    return this.#samples;
  }

  async run(): Promise<void> {
    for (let plan = this.#plan(); plan !== undefined; plan = this.#plan()) await this.#iterate(plan);
  }

  /** Ends it for want of budget. */
  stopForBudget(): void {
    this.#state = stopForBudget(this.#state);
  }

  #plan(): SamplePlan | undefined {
    const { maximumIterations, maximumSamples } = this.#options;
    if (this.#state.iteration >= maximumIterations || this.#samples >= maximumSamples) this.stopForBudget();
    return nextPlan(this.#state);
  }

  async #iterate(plan: SamplePlan): Promise<void> {
    const { sampler, log, phase } = this.#options;
    const shown = plan.demonstrations.map((one): Demonstration => ({ experience: one, task: sampler.task(one.task) }));
    const keys = this.#keys(plan);
    const samples = await log.sampleAll(keys, (key) => {
      return sampler.sample(key, { phase, prompt: proposerPrompt(sampler.task(key.task), shown) });
    });
    this.#samples += keys.length;
    const solved = this.#solved(plan, samples);
    log.settle<IterationEvent>(() => ({
      type: "iteration",
      iteration: plan.iteration,
      label: plan.label,
      demonstrations: plan.demonstrations.map(({ task }) => task),
      solved: solved.map((one): SolvedTask => ({ ...one, program: printPython(one.program) })),
      ...(phase !== undefined && { phase }),
    }));
    this.#state = advance(this.#state, solved);
  }

  #keys({ iteration, tasks }: SamplePlan): readonly SampleKey[] {
    const { spec, maximumSamples } = this.#options;
    const keys = tasks.flatMap((task) =>
      spec.temperatures.flatMap((temperature) =>
        Array.from({ length: spec.rollouts }, (_, rollout): SampleKey => ({ iteration, task, temperature, rollout })),
      ),
    );
    return keys.slice(0, Math.max(0, maximumSamples - this.#samples));
  }

  #solved(plan: SamplePlan, samples: readonly SampleEvent[]): Experience[] {
    const { spec, sampler, phase } = this.#options;
    return plan.tasks.flatMap((task) => {
      const right = samples.filter((sample) => sample.task === task && sample.verdict === "ok");
      if (right.length === 0) return [];
      const successes = Math.max(
        ...spec.temperatures.map((at) => right.filter(({ temperature }) => temperature === at).length),
      );
      const programs = right.map(({ program }) => sampler.readBack(program!, task));
      const random = new RandomStream(
        spec.seed,
        `${phase === undefined ? "" : `${phase}/`}${plan.iteration}/${task}/keep`,
      );
      return [{ task, program: selectAnswer(programs, random)!, successes, samples: spec.rollouts }];
    });
  }
}
