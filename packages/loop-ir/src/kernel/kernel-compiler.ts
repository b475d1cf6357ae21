import { findCompiler } from "../c/build.ts";
import { compileC } from "../c/kernel.ts";
import { LoopError } from "../errors.ts";
import type { NativeHost } from "../host/host.ts";
import { compileInterpreter } from "../interpret/interpret.ts";
import type { Nest } from "../nest/nest.ts";
import { compileWasm } from "../wasm/kernel.ts";
import { Heap } from "../wasm/memory.ts";
import type { Kernel, Target } from "./kernel.ts";

/** What kernels are compiled for, and with what. */
export interface KernelCompilerOptions {
  /** `fastest` unless given: C if the host has a compiler that works, WebAssembly if not. */
  readonly target?: Target | "fastest";
  /** Where WebAssembly kernels find their arrays; a new heap unless given. */
  readonly heap?: Heap;
  /** Needed for C. */
  readonly host?: NativeHost;
  /** Whether accesses are checked that cannot be shown to stay inside their buffers. True unless given. */
  readonly checked?: boolean;
  /** Whether sums of floats may be added up in another order, and products and sums be rounded once. False unless given. */
  readonly fast?: boolean;
  /** Told, in one line, when `fastest` has to do without C. */
  readonly say?: (line: string) => void;
}

/** How nests are compiled, in place of what the compiler was made with. */
export interface CompileOptions {
  readonly checked?: boolean;
}

/** Compiles nests for one target; falls back from C to WebAssembly where it was left the choice. */
export class KernelCompiler {
  readonly heap: Heap;
  readonly #options: KernelCompilerOptions;
  #target: Target;

  constructor(options: KernelCompilerOptions = {}) {
    this.#options = options;
    this.heap = options.heap ?? new Heap();
    const { target = "fastest" } = options;
    this.#target = target === "fastest" ? this.#fastest() : target;
  }

  /** What the next kernels are compiled for. */
  get target(): Target {
    return this.#target;
  }

  /**
   * Compiles nests that belong together: in C they become one module. Nests that check every index themselves say
   * `checked: false`.
   *
   * @throws {LoopError} `compiler` if C was asked for and is not to be had.
   */
  compile(nests: readonly Nest[], { checked = this.#options.checked ?? true }: CompileOptions = {}): Kernel[] {
    const { fast = false, host, target = "fastest" } = this.#options;
    if (this.#target === "interpreter") return nests.map(compileInterpreter);
    if (this.#target === "c") {
      if (host === undefined) throw new LoopError("compiler", "C needs a host that runs its compiler");
      try {
        return compileC(nests, host, { checked, fast });
      } catch (error) {
        if (target === "c") throw error;
        this.#target = "wasm";
        this.#say(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
      }
    }
    return nests.map((nest) => compileWasm(nest, this.heap, { checked, fast }));
  }

  #fastest(): Target {
    const { host } = this.#options;
    if (host === undefined) return "wasm";
    if (findCompiler(host) !== undefined) return "c";
    this.#say(`no C compiler was found (tried ${host.compilers.join(", ")})`);
    return "wasm";
  }

  #say(reason: string): void {
    this.#options.say?.(`${reason}: kernels run as WebAssembly`);
  }
}
