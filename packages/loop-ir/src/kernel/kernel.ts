import type { LoopError } from "../errors.ts";
import type { Nest } from "../nest/nest.ts";
import type { KernelArguments } from "./arguments.ts";
import type { SharedRun } from "./shared-run.ts";

/** Where a kernel runs. */
export type Target = "interpreter" | "wasm" | "c";

/** How arguments are bound. */
export interface BindOptions {
  /** The caller vouches that the entries of index buffers lie `within` their limits, so that they are not looked at. */
  readonly trusted?: boolean;
  /**
   * Many runs follow: where the system has them, large arrays are moved to larger pages first, which costs about a copy.
   * Only native kernels do.
   */
  readonly lasting?: boolean;
}

/** Which units of a kernel are run. */
export interface RunOptions {
  /** How many units the work is cut into: what `units` is in the nest. 1 unless given. */
  readonly units?: number;
  /** The first unit to run, and the one after the last: all of them unless given. */
  readonly from?: number;
  readonly to?: number;
  /** What `worker` is in the nest. 0 unless given. */
  readonly worker?: number;
}

/** What a run did. */
export interface RunStatistics {
  /** Units that were run. */
  readonly units: number;
  /** Steps per unit run, in order; from the interpreter only. */
  readonly steps?: Float64Array;
}

/** A compiled nest. */
export interface Kernel {
  readonly nest: Nest;
  readonly target: Target;
  /**
   * Checks arguments once, for many runs over the same arrays.
   *
   * @throws {LoopError} `argument` where they do not fit the nest.
   */
  bind(given: KernelArguments, options?: BindOptions): BoundKernel;
}

/** A kernel with its arguments. */
export interface BoundKernel {
  readonly kernel: Kernel;
  /** How a {@link WorkerPool} runs it; undefined if it runs on one thread only. */
  readonly shared?: SharedRun;
  /**
   * Runs units in order on the calling thread.
   *
   * @throws {LoopError} `out-of-bounds`, `division` or `fault` where a unit cannot go on; what was written stays.
   */
  run(options?: RunOptions): RunStatistics;
  /** Gives up what binding took; the kernel cannot be run any more. */
  release(): void;
}

/** The units that options ask for, checked. */
export interface UnitRange {
  readonly units: number;
  readonly from: number;
  readonly to: number;
  readonly worker: number;
}

/** Fills in what options leave out. `refuse` makes the error. */
export function unitRange(options: RunOptions | undefined, refuse: (problem: string) => LoopError): UnitRange {
  const { units = 1, from = 0, to = units, worker = 0 } = options ?? {};
  const whole = [units, from, to, worker].every((each) => Number.isInteger(each) && each >= 0 && each < 2 ** 31);
  if (!whole || to > units || from > to) throw refuse(`units ${from} to ${to} of ${units} cannot be run`);
  return { units, from, to, worker };
}
