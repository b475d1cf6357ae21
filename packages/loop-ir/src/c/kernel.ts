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

/** What a module exports for a nest: arguments put together once, and any number of runs with them. */
interface NativeFunctions {
  readonly bind: (lasting: boolean, queue: Int32Array, ...parameters: readonly unknown[]) => object | undefined;
  readonly run: (bound: object, to: number, units: number, worker: number) => number;
}

/** A nest as native code in this process. */
export interface CKernel extends Kernel {
  readonly target: "c";
  /** The module, and the number of the nest in it. */
  readonly module: BuiltModule;
  readonly place: number;
  readonly faults: readonly FaultReason[];
  bind(given: KernelArguments, options?: BindOptions): CBoundKernel;
}

/** A native kernel with its arguments, which it uses in place. */
export interface CBoundKernel extends BoundKernel {
  readonly kernel: CKernel;
  /** What the nest is given, in the order of its declarations. */
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
  return nests.map((nest, place) => cKernel(nest, { module, place, faults: faults[place]! }));
}

function cKernel(nest: Nest, parts: Pick<CKernel, "module" | "place" | "faults">): CKernel {
  const { module, place } = parts;
  const native = { bind: module.exports[`bind_${place}`], run: module.exports[`run_${place}`] } as NativeFunctions;
  const kernel: CKernel = {
    nest,
    target: "c",
    ...parts,
    bind: (given, options) =>
      bind(kernel, native, { ...checkArguments(nest, given, options?.trusted), lasting: options?.lasting === true }),
  };
  return kernel;
}

type GivenArguments = ReturnType<typeof checkArguments> & { readonly lasting: boolean };

function bind(kernel: CKernel, native: NativeFunctions, { arrays, scalars, lasting }: GivenArguments): CBoundKernel {
  const parameters = [...arrays, ...scalars];
  const shared = sharedRun(kernel, native, { parameters, arrays, lasting });
  const { queue } = shared;
  const refuse = (problem: string) => new LoopError("argument", `kernel ${kernel.nest.name}: ${problem}`);
  return {
    kernel,
    parameters,
    shared,
    release() {},
    run(options?: RunOptions) {
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
  readonly lasting: boolean;
}

function sharedRun(kernel: CKernel, native: NativeFunctions, { parameters, arrays, lasting }: SharedParts): SharedRun {
  const { nest, faults, module, place: entry } = kernel;
  const queue = new Int32Array(new SharedArrayBuffer(8));
  // The native side keeps addresses: the arrays live as long as this does, and `prepare` sees that they stay in place.
  const bound = native.bind(lasting, queue, ...parameters);
  if (bound === undefined) throw new LoopError("worker", `kernel ${nest.name} could not be given its arguments`);
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
    call: (to, units, worker) => native.run(bound, to, units, worker),
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
