/** Outcomes of jobs as trials: what a tuner would have been told. */
import { type Config, measurementFrom, type Outcome, type Scenario, type Trial } from "@millrace/baco-tuner";
import type { JobOutcome } from "@millrace/sweep";
import type { NamedTrials } from "../tuning/report/study-view.ts";
import type { PlannedSweep } from "./sweep-jobs.ts";

/** What a job's outcome says of its configuration. */
export function measuredOutcome(outcome: JobOutcome, { objectives, settings }: Scenario): Outcome {
  if (!outcome.ok) return { ok: false, kind: outcome.kind, detail: outcome.message };
  const { feasibilityName, feasibleText } = settings;
  return measurementFrom(outcome.value, { objectives, feasibilityName, feasibleText });
}

/** A sweep as trials, in the order of its jobs. */
export function sweepTrials(
  { name, scenario, jobs }: PlannedSweep,
  { outcomes, seed }: { readonly outcomes: readonly (JobOutcome | undefined)[]; readonly seed: number },
): NamedTrials {
  const { space, settings, objectives } = scenario;
  const trials = jobs.flatMap(({ input }, id): Trial[] => {
    const outcome = outcomes[id];
    if (outcome === undefined) return [];
    return [{ id, config: input as Config, phase: "told", outcome: measuredOutcome(outcome, scenario) }];
  });
  return { name, space, settings, seed, objectives, trials };
}
