/** What a run is to do, as plain JSON. */
import type { AffineRule } from "../program/affine.ts";
import type { Policy } from "./controller.ts";
import type { OptimizeSettings } from "./optimize.ts";

/** Settings of a learning run. */
export interface LearningSpec {
  readonly tasks: readonly string[];
  readonly policy: Policy;
  readonly seed: number;
  /** The model's name, as its endpoint knows it. */
  readonly model: string;
  /** Samples of each unsolved task at each temperature in an iteration. */
  readonly rollouts: number;
  readonly temperatures: readonly number[];
  readonly maxTokens: number;
  /** Who inserts Copies: nobody, the model in a second call, or `insertCopies`. */
  readonly guardian: "none" | "model" | "auto";
  readonly rule: AffineRule;
  /** Most iterations; a policy without an end of its own needs it. */
  readonly maximumIterations: number;
  /** Whether plain sampling with as many samples, and the enumerator, follow the learner; not if absent. */
  readonly controls?: { readonly enumeratorOperators: number } | undefined;
  /** Whether and how far right programs are improved afterwards, with a control that sees neither programs nor lessons. */
  readonly optimize?: Omit<OptimizeSettings, "guided"> | undefined;
  /** Most samples of the learner; no cap if absent. */
  readonly maximumSamples?: number | undefined;
}
