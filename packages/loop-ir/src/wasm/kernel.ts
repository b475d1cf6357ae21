import { LoopError } from "../errors.ts";
import { type BufferArray, checkArguments, type KernelArguments } from "../kernel/arguments.ts";
import { faultError } from "../kernel/fault.ts";
import { type BindOptions, type BoundKernel, type Kernel, type RunOptions, unitRange } from "../kernel/kernel.ts";
import type { SharedRun } from "../kernel/shared-run.ts";
import type { FaultReason, Nest } from "../nest/nest.ts";
import { emitWasm, type WasmOptions } from "./emit.ts";
import type { Heap } from "./memory.ts";

/** What the exported function of a module takes and gives. */
type RunFunction = (queue: number, to: number, units: number, worker: number, ...rest: Parameter[]) => number;

/** An address, a length or a scalar. */
export type Parameter = number | bigint;

/** A nest as a WebAssembly module that works on a heap. */
export interface WasmKernel extends Kernel {
  readonly target: "wasm";
  readonly heap: Heap;
  /** The module as bytes, and compiled. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly module: WebAssembly.Module;
  readonly faults: readonly FaultReason[];
  bind(given: KernelArguments, options?: BindOptions): WasmBoundKernel;
}

/** A WebAssembly kernel with its arguments: arrays of its heap are used in place, others are copied in and out. */
export interface WasmBoundKernel extends BoundKernel {
  readonly kernel: WasmKernel;
  /** What `run` of the module takes after `worker`. */
  readonly parameters: readonly Parameter[];
  readonly shared: SharedRun;
}

/** Compiles a nest for arrays in `heap`. */
export function compileWasm(nest: Nest, heap: Heap, options: WasmOptions = {}): WasmKernel {
  const { bytes, faults } = emitWasm(nest, options);
  const module = new WebAssembly.Module(bytes);
  const instance = new WebAssembly.Instance(module, { m: { m: heap.memory } });
  const run = instance.exports.run as RunFunction;
  const kernel: WasmKernel = {
    nest,
    target: "wasm",
    heap,
    bytes,
    module,
    faults,
    bind: (given, bindOptions) => bind(kernel, run, checkArguments(nest, given, bindOptions?.trusted)),
  };
  return kernel;
}

/** An array from outside the heap and its copy inside. */
interface Staged {
  readonly outside: BufferArray;
  readonly inside: BufferArray;
  readonly written: boolean;
}

function bind(kernel: WasmKernel, run: RunFunction, checked: ReturnType<typeof checkArguments>): WasmBoundKernel {
  const { nest, heap } = kernel;
  const staged: Staged[] = [];
  const parameters: Parameter[] = checked.arrays.flatMap((array, place) => {
    const { element, access } = nest.buffers[place]!;
    if (heap.holds(array)) return [array.byteOffset | 0, array.length | 0];
    const inside = heap.allocate(element, array.length);
    staged.push({ outside: array, inside, written: access !== "read" });
    return [inside.byteOffset | 0, inside.length | 0];
  });
  for (const scalar of checked.scalars) parameters.push(typeof scalar === "boolean" ? Number(scalar) : scalar);
  const queue = heap.allocate("i32", 2);
  const shared = sharedRun(kernel, run, { parameters, staged, queue });
  let released = false;
  return {
    kernel,
    parameters,
    shared,
    release() {
      if (released) return;
      released = true;
      for (const { inside } of staged) heap.free(inside);
      heap.free(queue);
    },
    run(options?: RunOptions) {
      const refuse = (problem: string) => new LoopError("argument", `kernel ${nest.name}: ${problem}`);
      if (released) throw new LoopError("closed", `kernel ${nest.name} has released its arguments`);
      const { units, from, to, worker } = unitRange(options, refuse);
      shared.prepare();
      queue[0] = from;
      const reason = called(nest, () => shared.call(to, units, worker));
      shared.conclude();
      if (reason !== 0) throw shared.failure(reason, "");
      return { units: to - from };
    },
  };
}

interface SharedParts {
  readonly parameters: readonly Parameter[];
  readonly staged: readonly Staged[];
  readonly queue: Int32Array;
}

function sharedRun(kernel: WasmKernel, run: RunFunction, { parameters, staged, queue }: SharedParts): SharedRun {
  const { nest, module, faults, heap } = kernel;
  const queueAddress = queue.byteOffset | 0;
  return {
    queue,
    message: { kind: "wasm", module, memory: heap.memory, queueAddress, parameters },
    prepare() {
      for (const { outside, inside } of staged) copyInto(inside, outside);
    },
    conclude() {
      for (const { outside, inside, written } of staged) if (written) copyInto(outside, inside);
    },
    call: (to, units, worker) => run(queueAddress, to, units, worker, ...parameters),
    failure: (reason, trap) => (reason < 0 ? trapError(nest, trap) : faultError(nest, faults[reason - 1]!, queue[1])),
  };
}

function copyInto(target: BufferArray, source: BufferArray): void {
  (target as { set(from: unknown): void }).set(source);
}

function called(nest: Nest, call: () => number): number {
  try {
    return call();
  } catch (cause) {
    throw trapError(nest, cause);
  }
}

/** The error for a trap: an access outside the heap, which only an unchecked kernel can make. */
function trapError(nest: Nest, cause: unknown): LoopError {
  const what = cause instanceof Error ? cause.message : String(cause);
  return new LoopError("out-of-bounds", `kernel ${nest.name} left its memory: ${what}`, { cause });
}
