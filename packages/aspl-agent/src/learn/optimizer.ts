/** Improves right programs, or, as the control, samples as often without seeing them. */
import { optimizerPrompt, proposerPrompt } from "../agents/prompts.ts";
import { printPython } from "../program/print-python.ts";
import type { OptimizedEvent, SampleKey } from "./events.ts";
import type { Experience } from "./experience.ts";
import {
  type AttemptPlan,
  advanceOptimizing,
  type Design,
  nextAttempts,
  type OptimizerState,
  startOptimizing,
} from "./optimize.ts";
import type { RunLog } from "./run-log.ts";
import type { Sampler } from "./sampler.ts";
import type { LearningSpec } from "./spec.ts";

/** What is improved, and with what. */
export interface OptimizerOptions {
  readonly spec: LearningSpec;
  readonly experiences: readonly Experience[];
  readonly phase: "optimize" | "optimize-control";
  readonly sampler: Sampler;
  readonly log: RunLog;
}

/** Where improving ended. Both phases make as many attempts. */
export async function runOptimizer({
  spec,
  experiences,
  phase,
  sampler,
  log,
}: OptimizerOptions): Promise<OptimizerState> {
  const designs = experiences.flatMap(({ task, program }) => {
    const cost = sampler.costOf(task, program);
    return cost === undefined ? [] : [{ task, design: { program, cost } }];
  });
  const settings = { ...spec.optimize!, guided: phase === "optimize" };
  let state = startOptimizing(designs, settings);
  for (let plans = nextAttempts(state); plans.length > 0; plans = nextAttempts(state)) {
    const prompts = new Map(plans.map((plan) => [plan.task, promptOf(plan, sampler)]));
    const { iteration } = state;
    const keys = plans.flatMap(({ task }) => keysOf(task, iteration, { rollouts: settings.rollouts, spec }));
    const samples = await log.sampleAll(keys, (key) => sampler.sample(key, { phase, prompt: prompts.get(key.task)! }));
    const found = samples.flatMap(({ task, program, cost }): { task: string; design: Design }[] => {
      return cost === undefined ? [] : [{ task, design: { program: sampler.readBack(program!, task), cost } }];
    });
    state = advanceOptimizing(state, found);
    log.settle(() => eventOf(state, phase, iteration));
  }
  return state;
}

function promptOf(plan: AttemptPlan, sampler: Sampler): string {
  const task = sampler.task(plan.task);
  return plan.parent === null ? proposerPrompt(task, []) : optimizerPrompt(task, plan, (id) => sampler.task(id));
}

function keysOf(
  task: string,
  iteration: number,
  { rollouts, spec }: { readonly rollouts: number; readonly spec: LearningSpec },
): readonly SampleKey[] {
  return spec.temperatures.flatMap((temperature) =>
    Array.from({ length: rollouts }, (_, rollout): SampleKey => ({ iteration, task, temperature, rollout })),
  );
}

function eventOf({ tasks }: OptimizerState, phase: OptimizedEvent["phase"], iteration: number): OptimizedEvent {
  return {
    type: "optimized",
    phase,
    iteration,
    tasks: tasks.map(({ task, start, frontier }) => ({
      task,
      start: start.cost,
      frontier: frontier.map(({ program, cost }) => ({ program: printPython(program), cost })),
    })),
  };
}
