/** What runs nests: the interpreter unless another back end is given. */
import { type BoundKernel, compileInterpreter, type Kernel, type Nest, type RunStatistics } from "@millrace/loop-ir";

/** A back end of `@millrace/loop-ir` as kernels use it. */
export interface Engine {
  /** What it is, for reports: `interpreter`, `wasm` or `c`. */
  readonly target: string;
  /** Threads that may run units at the same time; scratch space is made for each. */
  readonly workers: number;
  compile(nest: Nest): Kernel | Promise<Kernel>;
  /** Runs all units of a kernel, in any order and on any thread. */
  run(kernel: BoundKernel, units: number): RunStatistics | Promise<RunStatistics>;
}

/** The interpreter on the calling thread: the reference for all other engines; it counts the steps of each unit. */
export const interpreterEngine: Engine = {
  target: "interpreter",
  workers: 1,
  compile: (nest) => compileInterpreter(nest),
  run: (kernel, units) => kernel.run({ units }),
};
