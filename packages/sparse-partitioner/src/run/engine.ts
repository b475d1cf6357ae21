/** What runs nests: the interpreter unless another back end is given. */
import {
  type BoundKernel,
  type BufferArray,
  compileC,
  compileInterpreter,
  compileWasm,
  Heap,
  type Kernel,
  type KernelArguments,
  type NativeHost,
  type Nest,
  simplify,
  type WasmKernel,
} from "@millrace/loop-ir";

/** A back end of `@millrace/loop-ir` as kernels use it. */
export interface Engine {
  /** What it is, for reports: `interpreter`, `wasm` or `c`. */
  readonly target: string;
  /** Whether sums may be reordered, and fused with products: results then differ in their last bits. */
  readonly fast: boolean;
  /** Threads that may run units at the same time; scratch space is made for each. */
  readonly workers: number;
  compile(nest: Nest): Kernel | Promise<Kernel>;
  /** Runs all units of a kernel, in any order and on any thread. Its arguments are well-formed. */
  run(kernel: Kernel, given: KernelArguments, units: number): void | Promise<void>;
  /** Binds arguments for many runs, for engines where that pays. */
  bind?(kernel: Kernel, given: KernelArguments): BoundCall;
  /** Memory that kernels work on in place; plain arrays unless given. */
  readonly memory?: EngineMemory;
}

/** A kernel with its arguments. */
export interface BoundCall {
  run(units: number): void;
  release(): void;
}

/** Memory of an engine's own. */
export interface EngineMemory {
  allocate(element: BufferElement, length: number): BufferArray;
  free(array: BufferArray): void;
  /** Whether what is allocated may hold what was there before, so that it has to be cleared where zeros matter. */
  readonly used: boolean;
}

/** What the buffers of kernels hold. */
export type BufferElement = "i32" | "i64" | "f64";

/** Threads that share the units of a kernel: a `WorkerPool` of `@millrace/loop-ir`. */
export interface UnitPool {
  readonly workers: number;
  run(bound: BoundKernel, options: { readonly units: number }): unknown;
}

/** What compiled engines can be given. */
export interface EngineOptions {
  /** Runs the units; without one they run on the calling thread. */
  readonly pool?: UnitPool;
  /**
   * Whether kernels check every access. Operands are validated when a kernel is compiled, so that they need not; checks
   * find faults of the lowering.
   */
  readonly checked?: boolean;
  /** Let sums be reordered, and fused with products where the target can: results then differ in their last bits. */
  readonly fast?: boolean;
}

/** The interpreter on the calling thread: the reference for all other engines; it checks every access. */
export const interpreterEngine: Engine = {
  target: "interpreter",
  fast: false,
  workers: 1,
  compile: (nest) => compileInterpreter(nest),
  run: (kernel, given, units) => {
    kernel.bind(given, { trusted: true }).run({ units });
  },
};

/** WebAssembly, in a heap of its own unless one is given. */
export function wasmEngine({
  pool,
  checked = false,
  fast = false,
  heap = new Heap(),
}: EngineOptions & { readonly heap?: Heap } = {}): Engine {
  return {
    target: "wasm",
    fast,
    workers: pool?.workers ?? 1,
    compile: (nest) => compileWasm(nest, heap, { checked, fast }),
    run: (kernel, given, units) => {
      const bound = (kernel as WasmKernel).bind(given, { trusted: true });
      try {
        runUnits(bound, units, pool);
      } finally {
        bound.release();
      }
    },
    bind: (kernel, given) => {
      const bound = (kernel as WasmKernel).bind(given, { trusted: true });
      return { run: (units) => runUnits(bound, units, pool), release: () => bound.release() };
    },
    memory: {
      allocate: (element, length) => heap.allocate(element, length),
      free: (array) => heap.free(array),
      used: true,
    },
  };
}

/**
 * C, compiled by the host's compiler and run in this process.
 *
 * Compiling throws a `LoopError` `compiler` where there is none.
 */
export function cEngine(host: NativeHost, { pool, checked = false, fast = false }: EngineOptions = {}): Engine {
  return {
    target: "c",
    fast,
    workers: pool?.workers ?? 1,
    compile: (nest) => compileC([fast ? nest : simplify(nest)], host, { checked, fast })[0]!,
    run: (kernel, given, units) => runUnits(kernel.bind(given, { trusted: true }), units, pool),
    bind: (kernel, given) => {
      const bound = kernel.bind(given, { trusted: true, lasting: true });
      return { run: (units) => runUnits(bound, units, pool), release: () => {} };
    },
    ...(pool === undefined ? {} : { memory: sharedMemory }),
  };
}

/** Plain arrays that threads can see; the collector frees them. */
const sharedMemory: EngineMemory = {
  allocate(element, length) {
    const bytes = new SharedArrayBuffer(length * (element === "i32" ? 4 : 8)) as unknown as ArrayBuffer;
    if (element === "i32") return new Int32Array(bytes);
    return element === "i64" ? new BigInt64Array(bytes) : new Float64Array(bytes);
  },
  free() {},
  used: false,
};

function runUnits(bound: BoundKernel, units: number, pool: UnitPool | undefined): void {
  if (pool === undefined) bound.run({ units });
  else pool.run(bound, { units });
}
