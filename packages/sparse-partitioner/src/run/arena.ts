/** The arrays of one run: made in the engine's memory, given back together. */
import { arrayConstructor, type BufferArray } from "@millrace/loop-ir";
import type { EngineMemory } from "./engine.ts";

/** See the head of this file. */
export class Arena {
  readonly #memory: EngineMemory | undefined;
  readonly #arrays: BufferArray[] = [];

  constructor(memory: EngineMemory | undefined) {
    this.#memory = memory;
  }

  i32(length: number): Int32Array {
    return this.#make("i32", length) as Int32Array;
  }

  i64(length: number): BigInt64Array {
    return this.#make("i64", length) as BigInt64Array;
  }

  f64(length: number): Float64Array {
    return this.#make("f64", length) as Float64Array;
  }

  /** A copy of an array in the engine's memory; the array itself where that is plain memory. */
  place(array: BufferArray): BufferArray {
    if (this.#memory === undefined) return array;
    const element = array instanceof Float64Array ? "f64" : array instanceof BigInt64Array ? "i64" : "i32";
    const copy = this.#memory.allocate(element, array.length);
    (copy as { set(from: unknown): void }).set(array);
    this.#arrays.push(copy);
    return copy;
  }

  /** The first entries of an array, to be kept beyond this run. */
  keep<T extends Int32Array | Float64Array>(array: T, length: number): T {
    // What was made for the worst case is only kept whole where it is mostly used.
    const whole = this.#memory?.used !== true && 2 * length >= array.length;
    return (whole ? array.subarray(0, length) : array.slice(0, length)) as T;
  }

  release(): void {
    for (const array of this.#arrays) this.#memory?.free(array);
    this.#arrays.length = 0;
  }

  #make(element: "i32" | "i64" | "f64", length: number): BufferArray {
    if (this.#memory === undefined) return new (arrayConstructor(element))(length);
    const array = this.#memory.allocate(element, length);
    this.#arrays.push(array);
    return array;
  }
}
