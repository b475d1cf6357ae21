import type { Config } from "../space/parameter.ts";

/** Why an evaluation has no value. */
export type FailureKind = "infeasible" | "crash" | "timeout" | "garbage" | "not-a-number" | "protocol";

/**
 * What an evaluation gave: a finite value, less being better, or a failure. Where there are several objectives,
 * `objectives` holds all of them in their order, and `value` is the first.
 */
export type Outcome =
  | { readonly ok: true; readonly value: number; readonly objectives?: readonly number[] }
  | { readonly ok: false; readonly kind: FailureKind; readonly detail?: string };

/** What the models said of a suggestion when it was made; mean and deviation as modelled (scaled, perhaps log10). */
export interface Explanation {
  readonly surrogate: "gaussian_process" | "random_forest";
  readonly mean: number;
  readonly deviation: number;
  readonly logImprovement: number;
  /** Probability of feasibility, and the least that was asked for. */
  readonly feasible: number;
  readonly threshold: number;
}

/** Where a configuration came from. */
export type Phase = "default" | "design" | "model" | "random" | "enqueued" | "told";

/** One configuration of a study, from asking to telling. */
export interface Trial {
  /** Trials are numbered from 0 in the order in which they were asked. */
  readonly id: number;
  readonly config: Config;
  readonly phase: Phase;
  /** `undefined` while the evaluation runs. */
  readonly outcome?: Outcome;
  readonly why?: Explanation;
}
