import { LoopError } from "../errors.ts";
import { type BufferArray, checkArguments, type KernelArguments } from "../kernel/arguments.ts";
import { faultError } from "../kernel/fault.ts";
import type { BindOptions, BoundKernel, Kernel, RunOptions, RunStatistics } from "../kernel/kernel.ts";
import { unitRange } from "../kernel/kernel.ts";
import type { Nest } from "../nest/nest.ts";
import { DivisionFault } from "./arithmetic.ts";
import { FaultSignal, Frame } from "./frame.ts";
import { compileBlock } from "./statements.ts";

/**
 * The interpreter: a nest as JavaScript closures. It checks every access, counts the steps of each unit, and is what
 * the other back ends are compared with.
 */
export function compileInterpreter(nest: Nest): Kernel {
  const body = compileBlock(nest, nest.body);
  const kernel: Kernel = {
    nest,
    target: "interpreter",
    bind: (given: KernelArguments, options?: BindOptions) => bind(kernel, { body, given, options }),
  };
  return kernel;
}

interface Binding {
  readonly body: (frame: Frame) => void;
  readonly given: KernelArguments;
  readonly options: BindOptions | undefined;
}

function bind(kernel: Kernel, { body, given, options }: Binding): BoundKernel {
  const { nest } = kernel;
  const { arrays, scalars } = checkArguments(nest, given, options?.trusted);
  return {
    kernel,
    release() {},
    run(runOptions?: RunOptions): RunStatistics {
      const range = unitRange(runOptions, (problem) => new LoopError("argument", `kernel ${nest.name}: ${problem}`));
      const steps = new Float64Array(range.to - range.from);
      const frame = new Frame({ arrays: arrays as readonly BufferArray[], scalars, locals: nest.locals.length });
      frame.units = range.units;
      frame.worker = range.worker;
      for (let unit = range.from; unit < range.to; unit++) {
        frame.unit = unit;
        frame.steps = 0;
        try {
          body(frame);
        } catch (error) {
          throw typedError(nest, error, unit);
        }
        steps[unit - range.from] = frame.steps;
      }
      return { units: range.to - range.from, steps };
    },
  };
}

function typedError(nest: Nest, error: unknown, unit: number): unknown {
  if (error instanceof FaultSignal) return faultError(nest, error.reason, unit);
  return error instanceof DivisionFault ? faultError(nest, { code: "division" }, unit) : error;
}
