/** What happens in a run, line by line: the state of a run is what its events add up to. */
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

/** One sample: what was answered and the verdict; `format` if the answer held no program. */
export interface SampleEvent extends SampleKey {
  readonly type: "sample";
  readonly verdict: VerdictKind | "format";
  /** The program in the paper's syntax, with the Copies of the guardian; `null` if there was none. */
  readonly program: string | null;
}

/** The end of an iteration. */
export interface IterationEvent {
  readonly type: "iteration";
  readonly iteration: number;
  readonly label: string;
  readonly demonstrations: readonly string[];
  /** Tasks newly solved. */
  readonly solved: readonly SolvedTask[];
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
  | { readonly type: "stop"; readonly reason: StopReason };
