import { LoopError } from "../errors.ts";
import type { NativeHost } from "../host/host.ts";
import { type BufferArray, checkArguments, type KernelArguments } from "../kernel/arguments.ts";
import { faultError } from "../kernel/fault.ts";
import { type BindOptions, type BoundKernel, type Kernel, type RunOptions, unitRange } from "../kernel/kernel.ts";
import type { SharedRun } from "../kernel/shared-run.ts";
import type { FaultReason, Nest } from "../nest/nest.ts";
import type { MappedArray } from "../threads/control.ts";
import { type BuiltModule, buildModule, defaultFlags, fastFlags, findCompiler } from "./build.ts";
import { type COptions, emitC } from "./emit.ts";
import { mappingOf } from "./native-memory.ts";

/** What a module exports for a nest. */
type RunFunction = (
  queue: Int32Array,
  to: number,
  units: number,
  worker: number,
  ...rest: readonly unknown[]
) => number;

/** A nest as native code in this process. */
export interface CKernel extends Kernel {
  readonly target: "c";
  /** The module and the name of the function in it. */
  readonly module: BuiltModule;
  readonly entry: string;
  readonly faults: readonly FaultReason[];
  bind(given: KernelArguments, options?: BindOptions): CBoundKernel;
}

/** A native kernel with its arguments, which it uses in place. */
export interface CBoundKernel extends BoundKernel {
  readonly kernel: CKernel;
  /** What the function takes after `worker`. */
  readonly parameters: readonly (BufferArray | number | bigint | boolean)[];
  readonly shared: SharedRun;
}

/**
 * Compiles nests as C with the host's compiler, all in one module, and loads it.
 *
 * @throws {LoopError} `compiler` if there is none, or if it fails.
 */
export function compileC(nests: readonly Nest[], host: NativeHost, options: COptions = {}): CKernel[] {
  const compiler = findCompiler(host);
  if (compiler === undefined) {
    throw new LoopError("compiler", `no C compiler was found (tried ${host.compilers.join(", ")})`);
  }
  const { text, faults } = emitC(nests, options);
  const module = buildModule(host, compiler, { text, flags: options.fast === true ? fastFlags : defaultFlags });
  return nests.map((nest, place) => cKernel(nest, { module, entry: `run_${place}`, faults: faults[place]! }));
}

function cKernel(nest: Nest, parts: Pick<CKernel, "module" | "entry" | "faults">): CKernel {
  const run = parts.module.exports[parts.entry] as RunFunction;
  const kernel: CKernel = {
    nest,
    target: "c",
    ...parts,
    bind: (given, options) => bind(kernel, run, checkArguments(nest, given, options?.trusted)),
  };
  return kernel;
}

function bind(kernel: CKernel, run: RunFunction, checked: ReturnType<typeof checkArguments>): CBoundKernel {
  const parameters = [...checked.arrays, ...checked.scalars];
  const shared = sharedRun(kernel, run, { parameters, arrays: checked.arrays });
  const { queue } = shared;
  return {
    kernel,
    parameters,
    shared,
    release() {},
    run(options?: RunOptions) {
      const refuse = (problem: string) => new LoopError("argument", `kernel ${kernel.nest.name}: ${problem}`);
      const { units, from, to, worker } = unitRange(options, refuse);
      shared.prepare();
      queue[0] = from;
      const reason = shared.call(to, units, worker);
      if (reason !== 0) throw shared.failure(reason, "");
      return { units: to - from };
    },
  };
}

interface SharedParts {
  readonly parameters: CBoundKernel["parameters"];
  readonly arrays: readonly BufferArray[];
}

function sharedRun(kernel: CKernel, run: RunFunction, { parameters, arrays }: SharedParts): SharedRun {
  const { nest, faults, module, entry } = kernel;
  const queue = new Int32Array(new SharedArrayBuffer(8));
  const lengths = arrays.map(({ length }) => length);
  return {
    queue,
    get message() {
      const given = parameters.map((parameter, place) => {
        const array = arrays[place];
        return array === undefined ? parameter : sharedArray(nest, nest.buffers[place]!.name, array);
      });
      return { kind: "c" as const, path: module.path, entry, queue, parameters: given };
    },
    prepare: () => refuseDetached(kernel, arrays, lengths),
    conclude() {},
    call: (to, units, worker) => run(queue, to, units, worker, ...parameters),
    failure(reason, trap) {
      if (reason > 0) return faultError(nest, faults[reason - 1]!, queue[1]);
      return new LoopError("worker", `kernel ${nest.name} could not be called${trap === "" ? "" : `: ${trap}`}`);
    },
  };
}

/** An array as another thread finds it: shared memory itself, or a part of a file that both map. */
function sharedArray(nest: Nest, name: string, array: BufferArray): BufferArray | MappedArray {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const mapping = mappingOf(array.buffer);
  if (mapping === undefined) {
    const advice = "allocate it in a heap or over a SharedArrayBuffer";
    throw new LoopError("argument", `kernel ${nest.name}: other threads cannot see ${name}; ${advice}`);
  }
  return { ...mapping, type: array.constructor.name, byteOffset: array.byteOffset, length: array.length };
}

/** An array may have lost its memory since it was checked. */
function refuseDetached({ nest }: CKernel, arrays: readonly BufferArray[], lengths: readonly number[]): void {
  for (let place = 0; place < lengths.length; place++) {
    if (arrays[place]!.length === lengths[place]) continue;
    const { name } = nest.buffers[place]!;
    throw new LoopError("argument", `kernel ${nest.name}: ${name} has lost its memory since it was bound`);
  }
}
