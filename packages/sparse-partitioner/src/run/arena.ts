/** The arrays of one run: made in the engine's memory, given back together. */
import { arrayConstructor, type BufferArray } from "@millrace/loop-ir";
import type { BufferElement, EngineMemory } from "./engine.ts";

/** An array as it was asked for, and all of the memory that it is in. */
interface Piece {
  readonly array: BufferArray;
  readonly whole: BufferArray;
  /** Pieces in the order in which their memory was made. */
  readonly place: number;
}

/**
 * Memory that keeps what is freed for the next run: fresh pages cost more than many kernels do. A run that asks for what
 * the one before asked for is given the very same arrays, so that kernels need not be bound to others.
 */
export class RecyclingMemory implements EngineMemory {
  readonly used = true;
  readonly #memory: EngineMemory | undefined;
  readonly #free: Record<BufferElement, Piece[]> = { i32: [], i64: [], f64: [] };
  readonly #taken = new Map<BufferArray, Piece>();
  #made = 0;

  constructor(memory: EngineMemory | undefined) {
    this.#memory = memory;
  }

  allocate(element: BufferElement, length: number): BufferArray {
    const free = this.#free[element];
    const same = free.findIndex(({ array }) => array.length === length);
    const at =
      same >= 0 ? same : free.findIndex(({ whole }) => whole.length >= length && whole.length <= 2 * length + 64);
    const [found] = at < 0 ? [] : free.splice(at, 1);
    const piece = found === undefined ? this.#make(element, length) : pieceOf(found, length);
    this.#taken.set(piece.array, piece);
    return piece.array;
  }

  free(array: BufferArray): void {
    const piece = this.#taken.get(array);
    this.#taken.delete(array);
    if (piece === undefined) return;
    const free = this.#free[elementOf(array)];
    const after = free.findIndex(({ place }) => place > piece.place);
    free.splice(after < 0 ? free.length : after, 0, piece);
  }

  /** Gives everything that is free back. */
  release(): void {
    for (const list of Object.values(this.#free)) for (const { whole } of list.splice(0)) this.#memory?.free(whole);
  }

  #make(element: BufferElement, length: number): Piece {
    const array = this.#memory?.allocate(element, length) ?? new (arrayConstructor(element))(length);
    return { array, whole: array, place: this.#made++ };
  }
}

function pieceOf(piece: Piece, length: number): Piece {
  const { array, whole, place } = piece;
  if (array.length === length) return piece;
  return { array: whole.length === length ? whole : whole.subarray(0, length), whole, place };
}

function elementOf(array: BufferArray): BufferElement {
  if (array instanceof Float64Array) return "f64";
  return array instanceof BigInt64Array ? "i64" : "i32";
}

const tails = new WeakMap<Int32Array, Int32Array>();

/** An array without its first element: the same one each time, so that kernels stay bound to it. */
export function tailOf(array: Int32Array): Int32Array {
  const tail = tails.get(array) ?? array.subarray(1);
  tails.set(array, tail);
  return tail;
}

/** See the head of this file. */
export class Arena {
  readonly #memory: EngineMemory | undefined;
  /** Takes arrays that a result keeps until the next run; without it results are copied out of an engine's memory. */
  readonly #held: BufferArray[] | undefined;
  #arrays: BufferArray[] = [];

  constructor(memory: EngineMemory | undefined, held?: BufferArray[]) {
    this.#memory = memory;
    this.#held = held;
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
    const copy = this.#memory.allocate(elementOf(array), array.length);
    (copy as { set(from: unknown): void }).set(array);
    this.#arrays.push(copy);
    return copy;
  }

  /** The first entries of an array, to be kept beyond this run. */
  keep<T extends Int32Array | Float64Array>(array: T, length: number): T {
    if (this.#held !== undefined && this.#arrays.includes(array)) {
      const last = this.#arrays.pop()!;
      if (last !== array) this.#arrays[this.#arrays.indexOf(array)] = last;
      this.#held.push(array);
      return (length === array.length ? array : array.subarray(0, length)) as T;
    }
    // What was made for the worst case is only kept whole where it is mostly used.
    const whole = this.#memory?.used !== true && 2 * length >= array.length;
    return (whole ? array.subarray(0, length) : array.slice(0, length)) as T;
  }

  release(): void {
    if (this.#arrays.length === 0) return;
    for (const array of this.#arrays) this.#memory?.free(array);
    this.#arrays.length = 0;
  }

  #make(element: BufferElement, length: number): BufferArray {
    if (this.#memory === undefined) return new (arrayConstructor(element))(length);
    const array = this.#memory.allocate(element, length);
    this.#arrays.push(array);
    return array;
  }
}
