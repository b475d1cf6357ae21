import { LoopError } from "../errors.ts";
import { type ArrayConstructors, arrayConstructor, type BufferArray } from "../kernel/arguments.ts";
import { type ElementType, elementBytes } from "../nest/types.ts";

const pageBytes = 65536;
const alignment = 64;
/** Bytes that are grown at least: a growth is a system call. */
const leastGrowth = 16 * pageBytes;

/** The kind of array that a heap gives for an element type. */
export type HeapArray<E extends ElementType> = InstanceType<ArrayConstructors[E]>;

/** How large a heap may become. */
export interface HeapOptions {
  /** Most bytes, 4 GiB unless given; address space is reserved for them, memory is not. */
  readonly maximumBytes?: number;
}

/** A free stretch of memory. */
interface Gap {
  start: number;
  bytes: number;
}

/**
 * Shared memory that WebAssembly kernels work on in place, with an allocator: arrays begin at multiples of 64 bytes, and
 * their contents are zero when memory is first used and arbitrary when it is used again.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly #maximum: number;
  /** Free stretches by address; no two touch. */
  readonly #gaps: Gap[] = [];
  /** Size of each array in use, by address. */
  readonly #used = new Map<number, number>();
  /** Each growth makes a new object for the same memory. */
  readonly #buffers = new WeakSet<ArrayBufferLike>();
  #end: number = pageBytes;

  constructor({ maximumBytes = 65536 * pageBytes }: HeapOptions = {}) {
    const maximum = Math.floor(maximumBytes / pageBytes);
    if (!(maximum >= 1 && maximum <= 65536)) {
      throw new LoopError("argument", `a heap has between 64 KiB and 4 GiB, not ${maximumBytes} bytes`);
    }
    this.#maximum = maximum * pageBytes;
    try {
      this.memory = new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch (cause) {
      throw new LoopError("out-of-memory", `no ${maximumBytes} bytes of address space for a heap`, { cause });
    }
  }

  /** Bytes that arrays can still take, in the best case. */
  get available(): number {
    return this.#gaps.reduce((sum, gap) => sum + gap.bytes, this.#maximum - this.#end);
  }

  /**
   * An array of `length` entries.
   *
   * @throws {LoopError} `out-of-memory` if it does not fit; nothing has changed then.
   */
  allocate<E extends ElementType>(element: E, length: number): HeapArray<E> {
    if (!(Number.isInteger(length) && length >= 0)) {
      throw new LoopError("argument", `an array has a length of 0 or more, not ${length}`);
    }
    const bytes = Math.max(alignment, Math.ceil((length * elementBytes(element)) / alignment) * alignment);
    const address = this.#take(bytes) ?? this.#extend(bytes);
    this.#used.set(address, bytes);
    const { buffer } = this.memory;
    this.#buffers.add(buffer);
    return new (arrayConstructor(element))(buffer as ArrayBuffer, address, length) as HeapArray<E>;
  }

  /** A copy of `array` in this heap. */
  copy<E extends ElementType>(element: E, array: ArrayLike<number> | ArrayLike<bigint>): HeapArray<E> {
    const copy = this.allocate(element, array.length);
    (copy as unknown as { set(from: unknown): void }).set(array);
    return copy;
  }

  /**
   * Gives memory back; the array must not be used any more.
   *
   * @throws {LoopError} `argument` unless the array was allocated here and not freed yet.
   */
  free(array: BufferArray): void {
    const bytes = this.holds(array) ? this.#used.get(array.byteOffset) : undefined;
    if (bytes === undefined) throw new LoopError("argument", "an array was freed that is not in use in this heap");
    this.#used.delete(array.byteOffset);
    this.#give({ start: array.byteOffset, bytes });
  }

  /** Whether an array, or what it is a part of, lies in this heap. */
  holds(array: BufferArray): boolean {
    return this.#buffers.has(array.buffer);
  }

  #take(bytes: number): number | undefined {
    const place = this.#gaps.findIndex((gap) => gap.bytes >= bytes);
    const gap = this.#gaps[place];
    if (gap === undefined) return undefined;
    const { start } = gap;
    gap.start += bytes;
    gap.bytes -= bytes;
    if (gap.bytes === 0) this.#gaps.splice(place, 1);
    return start;
  }

  #extend(bytes: number): number {
    const last = this.#gaps.at(-1);
    const tail = last !== undefined && last.start + last.bytes === this.#end ? last : undefined;
    const start = tail?.start ?? this.#end;
    const present = this.memory.buffer.byteLength;
    if (start + bytes > present) {
      const wanted = Math.max(start + bytes, Math.min(present + leastGrowth, this.#maximum));
      this.#grow(Math.ceil(wanted / pageBytes) - present / pageBytes, bytes);
    }
    if (tail !== undefined) this.#gaps.pop();
    this.#end = start + bytes;
    return start;
  }

  #grow(pages: number, asked: number): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      const advice = "free arrays, use smaller ones, or run the work in parts";
      const message = `${asked} bytes were asked for and ${this.available} of ${this.#maximum} are free: ${advice}`;
      throw new LoopError("out-of-memory", message, { cause });
    }
  }

  #give(freed: Gap): void {
    let place = this.#gaps.findIndex((gap) => gap.start > freed.start);
    if (place < 0) place = this.#gaps.length;
    this.#gaps.splice(place, 0, freed);
    const [before, after] = [this.#gaps[place - 1], this.#gaps[place + 1]];
    if (after !== undefined && freed.start + freed.bytes === after.start) {
      freed.bytes += after.bytes;
      this.#gaps.splice(place + 1, 1);
    }
    if (before !== undefined && before.start + before.bytes === freed.start) {
      before.bytes += freed.bytes;
      this.#gaps.splice(place, 1);
    }
  }
}
