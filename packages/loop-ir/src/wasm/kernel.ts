import { LoopError } from "../errors.ts";
import { type BufferArray, checkArguments, type KernelArguments } from "../kernel/arguments.ts";
import { faultError } from "../kernel/fault.ts";
import { type BindOptions, type BoundKernel, type Kernel, type RunOptions, unitRange } from "../kernel/kernel.ts";
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
  /** Copies arrays from outside the heap in, calls `body`, and copies those that are written out. */
  around<T>(body: () => T): T;
  /** Frees the copies of arrays from outside the heap; the kernel cannot be run any more. */
  release(): void;
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
  let released = false;
  return {
    kernel,
    parameters,
    around: (body) => copyAround(staged, body),
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
      copyAround(staged, () => {
        queue[0] = from;
        const reason = called(nest, () => run(queue.byteOffset | 0, to, units, worker, ...parameters));
        if (reason !== 0) throw faultError(nest, kernel.faults[reason - 1]!, queue[1]);
      });
      return { units: to - from };
    },
  };
}

function copyAround<T>(staged: readonly Staged[], body: () => T): T {
  for (const { outside, inside } of staged) copyInto(inside, outside);
  try {
    return body();
  } finally {
    for (const { outside, inside, written } of staged) if (written) copyInto(outside, inside);
  }
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
export function trapError(nest: Nest, cause: unknown): LoopError {
  const what = cause instanceof Error ? cause.message : String(cause);
  return new LoopError("out-of-bounds", `kernel ${nest.name} left its memory: ${what}`, { cause });
}
