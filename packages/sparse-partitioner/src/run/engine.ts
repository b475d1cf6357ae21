/** What runs nests: the interpreter unless another back end is given. */
import {
  type BufferArray,
  compileInterpreter,
  compileWasm,
  Heap,
  type Kernel,
  type KernelArguments,
  type Nest,
  type WasmKernel,
} from "@millrace/loop-ir";

/** A back end of `@millrace/loop-ir` as kernels use it. */
export interface Engine {
  /** What it is, for reports: `interpreter`, `wasm` or `c`. */
  readonly target: string;
  /** Threads that may run units at the same time; scratch space is made for each. */
  readonly workers: number;
  compile(nest: Nest): Kernel | Promise<Kernel>;
  /** Runs all units of a kernel, in any order and on any thread. Its arguments are well-formed. */
  run(kernel: Kernel, given: KernelArguments, units: number): void | Promise<void>;
  /** Memory that kernels work on in place, zeroed; plain arrays unless given. */
  readonly memory?: EngineMemory;
}

/** Memory of an engine's own. */
export interface EngineMemory {
  allocate(element: BufferElement, length: number): BufferArray;
  free(array: BufferArray): void;
}

/** What the buffers of kernels hold. */
export type BufferElement = "i32" | "i64" | "f64";

/** The interpreter on the calling thread: the reference for all other engines. */
export const interpreterEngine: Engine = {
  target: "interpreter",
  workers: 1,
  compile: (nest) => compileInterpreter(nest),
  run: (kernel, given, units) => {
    kernel.bind(given, { trusted: true }).run({ units });
  },
};

/** WebAssembly on the calling thread, in a heap of its own unless one is given. */
export function wasmEngine(heap: Heap = new Heap()): Engine {
  return {
    target: "wasm",
    workers: 1,
    compile: (nest) => compileWasm(nest, heap),
    run: (kernel, given, units) => {
      const bound = (kernel as WasmKernel).bind(given, { trusted: true });
      try {
        bound.run({ units });
      } finally {
        bound.release();
      }
    },
    memory: {
      allocate: (element, length) => heap.allocate(element, length),
      free: (array) => heap.free(array),
    },
  };
}
