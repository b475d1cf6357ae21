/** What is tuned, as the loop sees it: a configuration in, an outcome out. */
import type { Config, Outcome } from "@millrace/baco-tuner";

/** One evaluation that is wanted. */
export interface EvaluationCall {
  readonly trial: number;
  readonly config: Config;
  /** Milliseconds it may take; undefined: as long as it takes. */
  readonly timeout: number | undefined;
  /** Raised when the study ends: the evaluation is given up. */
  readonly stop: AbortSignal;
}

/** An objective; `evaluate` never rejects, whatever the objective does. */
export interface Objective {
  /** What its values depend on; a log of other surroundings is not gone on with. */
  readonly environment: Readonly<Record<string, string>>;
  /** The outcome; `undefined` if the evaluation was given up. */
  evaluate(call: EvaluationCall): Promise<Outcome | undefined>;
  /** Ends what still runs. */
  close(): void;
}
