import { LoopError } from "../errors.ts";
import { arrayConstructor, type BufferArray } from "../kernel/arguments.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { KernelCompiler } from "../kernel/kernel-compiler.ts";
import type { Nest } from "../nest/nest.ts";
import { NestBuilder } from "../nest/nest-builder.ts";
import type { WorkerPool } from "./pool.ts";

/** Entries that one unit adds up; sums of integers do not depend on it. */
const entriesPerUnit = 1 << 15;

/** What a prefix sum reads and writes. */
export interface PrefixSumTypes {
  readonly from: "i32" | "i64";
  readonly to: "i32" | "i64";
}

/**
 * The two kernels of a parallel prefix sum: each unit adds up its stretch of `values` into `sums[unit]`; then, with the
 * sums replaced by what precedes each of them, it writes the sums before each entry.
 */
export function prefixSumNests({ from, to }: PrefixSumTypes): readonly [Nest, Nest] {
  return [sumNest(from), fillNest({ from, to })];
}

function sumNest(from: "i32" | "i64"): Nest {
  const b = new NestBuilder("stretch_sums");
  const n = b.scalar("n", "i32");
  const values = b.buffer("values", from, { extent: n });
  const sums = b.buffer("sums", "i64", { access: "write" });
  const total = b.local("total", b.i64(0));
  b.for("i", ...stretch(b, n), (i) => b.set(total, b.add(total, b.convert("i64", b.load(values, i)))));
  b.store(sums, b.unit, total);
  return b.finish();
}

function fillNest({ from, to }: PrefixSumTypes): Nest {
  const b = new NestBuilder("prefix_sums");
  const n = b.scalar("n", "i32");
  const values = b.buffer("values", from, { extent: n });
  const before = b.buffer("sums", "i64");
  const result = b.buffer("result", to, { access: "write", extent: n });
  const total = b.local("total", b.convert(to, b.load(before, b.unit)));
  b.for("i", ...stretch(b, n), (i) => {
    b.store(result, i, total);
    b.set(total, b.add(total, b.convert(to, b.load(values, i))));
  });
  return b.finish();
}

/** First entry of the unit, and the one after its last. */
function stretch(b: NestBuilder, n: ReturnType<NestBuilder["scalar"]>) {
  const first = b.local("first", b.multiply(b.unit, entriesPerUnit));
  const left = b.subtract(n, first);
  return [first, b.local("end", b.add(first, b.minimum(left, entriesPerUnit)))] as const;
}

/** Exclusive prefix sums of integers: `result[i]` is the sum of the values before `i`. */
export class PrefixSum {
  readonly #types: PrefixSumTypes;
  readonly #kernels: readonly Kernel[];
  readonly #compiler: KernelCompiler;
  readonly #pool: WorkerPool | undefined;

  constructor(types: PrefixSumTypes, compiler: KernelCompiler, pool?: WorkerPool) {
    this.#types = types;
    this.#kernels = compiler.compile(prefixSumNests(types));
    this.#compiler = compiler;
    this.#pool = pool;
  }

  /**
   * Fills `result` and returns the sum of all values, exact within 64 bits.
   *
   * @throws {LoopError} `argument` if the arrays differ in length or kind, or the sums of values that are not negative
   *   do not fit an i32 result.
   */
  run(values: BufferArray, result: BufferArray): bigint {
    const n = values.length;
    const { heap } = this.#compiler;
    if (n !== result.length) throw new LoopError("argument", `${n} values do not have ${result.length} prefix sums`);
    if (!(result instanceof arrayConstructor(this.#types.to))) {
      throw new LoopError("argument", `the prefix sums are ${this.#types.to}`);
    }
    const units = Math.ceil(n / entriesPerUnit);
    const sums = heap.allocate("i64", units);
    const [sum, fill] = this.#kernels as [Kernel, Kernel];
    try {
      this.#run(sum, { n, values, sums }, units);
      const [total, largest] = exclusive(sums);
      if (this.#types.to === "i32" && largest >= 2n ** 31n) {
        throw new LoopError("argument", `prefix sums of up to ${largest} do not fit an i32`);
      }
      this.#run(fill, { n, values, sums, result }, units);
      return total;
    } finally {
      heap.free(sums);
    }
  }

  #run(kernel: Kernel, given: Record<string, number | BufferArray>, units: number): void {
    const bound = kernel.bind(given);
    try {
      if (this.#pool === undefined) bound.run({ units });
      else this.#pool.run(bound, { units });
    } finally {
      bound.release();
    }
  }
}

/** Replaces each sum by that of the ones before it; returns the sum of all, and the largest magnitude on the way. */
function exclusive(sums: BigInt64Array): readonly [bigint, bigint] {
  let [total, largest] = [0n, 0n];
  sums.forEach((sum, place) => {
    sums[place] = total;
    total = BigInt.asIntN(64, total + sum);
    const magnitude = total < 0n ? -total : total;
    if (magnitude > largest) largest = magnitude;
  });
  return [total, largest];
}
