import type { LoopError } from "../errors.ts";
import type { BindingMessage } from "../threads/control.ts";

/** How units of a bound kernel are run by several threads at once. */
export interface SharedRun {
  /** The next unit, and the unit that ended early; in memory that threads share. */
  readonly queue: Int32Array;
  /** What another thread needs. */
  readonly message: BindingMessage;
  /** Makes arrays ready before a run, and brings results back after it. */
  prepare(): void;
  conclude(): void;
  /** Runs units of the queue on this thread until it reaches `to`; 0, or the number of a reason. */
  call(to: number, units: number, worker: number): number;
  /** The error for a reason other than 0; `trap` tells of one that is -1. */
  failure(reason: number, trap: string): LoopError;
}
