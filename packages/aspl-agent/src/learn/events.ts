/** What happens in a run, line by line: the state of a run is what its events add up to. */
import type { ProgramCost } from "../hardware/cost.ts";
import type { VerdictKind } from "../verify/verdict.ts";
import type { StopReason } from "./controller.ts";
import type { Experience } from "./experience.ts";
import type { LearningSpec } from "./spec.ts";

/** Which sample: iteration, task, temperature and rollout. No two samples of a run have one key. */
export interface SampleKey {
  readonly iteration: number;
  readonly task: string;
  readonly temperature: number;
  readonly rollout: number;
}

/** What follows the learner in a run: plain sampling with as many samples, improving what was found, and the control of that. */
export type Phase = "resample" | "optimize" | "optimize-control";

/** One sample: what was answered and the verdict; `format` if the answer held no program. */
export interface SampleEvent extends SampleKey {
  readonly type: "sample";
  readonly verdict: VerdictKind | "format";
  /** The program in the paper's syntax, with the Copies of the guardian; `null` if there was none. */
  readonly program: string | null;
  /** Absent for the learner's own. */
  readonly phase?: Phase;
  /** Of a right program, where right programs are improved. */
  readonly cost?: ProgramCost;
}

/** The end of an iteration. */
export interface IterationEvent {
  readonly type: "iteration";
  readonly iteration: number;
  readonly label: string;
  readonly demonstrations: readonly string[];
  /** Tasks newly solved. */
  readonly solved: readonly SolvedTask[];
  readonly phase?: "resample";
}

/** The end of an iteration of improving. */
export interface OptimizedEvent {
  readonly type: "optimized";
  readonly phase: "optimize" | "optimize-control";
  readonly iteration: number;
  readonly tasks: readonly OptimizedTask[];
}

/** The designs of a task so far, by rising cycles, and what learning kept. */
export interface OptimizedTask {
  readonly task: string;
  readonly start: ProgramCost;
  readonly frontier: readonly { readonly program: string; readonly cost: ProgramCost }[];
}

/** What the enumerator, which asks no model, made of a task. */
export interface EnumeratedEvent {
  readonly type: "enumerated";
  readonly task: string;
  /** The smallest program it found; `null` if none. */
  readonly program: string | null;
  /** Operators it applied. */
  readonly applications: number;
}

/** An experience with its program as text. */
export interface SolvedTask extends Omit<Experience, "program"> {
  readonly program: string;
}

/** One line of a run's log. Times and costs are no part of it, so that logs can be compared byte for byte. */
export type LearningEvent =
  | { readonly type: "run"; readonly version: 1; readonly spec: LearningSpec }
  | SampleEvent
  | IterationEvent
  | OptimizedEvent
  | EnumeratedEvent
  | { readonly type: "stop"; readonly reason: StopReason };
