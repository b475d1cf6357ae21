import { TensorError } from "../../errors.ts";

const FIRST_CAPACITY = 1024;

/** How many entries to make room for, and what each consists of. */
export interface EntryListOptions {
  /** Coordinates of an entry. */
  readonly order: number;
  /** Numbers of a value: 0 for patterns, 1, or 2 for complex values. */
  readonly parts: number;
  /** Room made at once. Only ever what the size of the input vouches for, never what the file promises. */
  readonly expected?: number;
  /** Never make room for more than this. */
  readonly maximum: number;
}

/**
 * Entries read so far, in arrays that double when full: with the copy under way, memory stays below three times what the
 * entries read take, plus room for the first thousand.
 */
export class EntryList {
  /** One array for each mode, all of length `capacity`; slots from `count` on are free. */
  readonly coordinates: Int32Array[];
  /** `parts` numbers for each slot. */
  values: Float64Array;
  /** Numbers of a value. */
  readonly parts: number;
  count = 0;
  capacity: number;
  /** Bytes of arrays made so far, the abandoned ones included. */
  allocatedBytes = 0;
  readonly #options: EntryListOptions;

  constructor(options: EntryListOptions) {
    this.#options = options;
    this.parts = options.parts;
    this.capacity = Math.min(options.maximum, Math.max(FIRST_CAPACITY, options.expected ?? 0));
    this.coordinates = Array.from({ length: options.order }, () => this.#allocate(Int32Array, this.capacity));
    this.values = this.#allocate(Float64Array, this.capacity * options.parts);
  }

  /** Makes room for at least one more entry; the caller has checked that `maximum` allows it. */
  grow(): void {
    this.resize(Math.min(this.#options.maximum, Math.max(FIRST_CAPACITY, this.capacity * 2)));
  }

  /**
   * Gives every array exactly `capacity` slots.
   *
   * @throws {TensorError} `too-large` if the memory cannot be had.
   */
  resize(capacity: number): void {
    if (capacity === this.capacity) return;
    const kept = Math.min(this.count, capacity);
    for (let mode = 0; mode < this.coordinates.length; mode++) {
      const wider = this.#allocate(Int32Array, capacity);
      wider.set(this.coordinates[mode]!.subarray(0, kept));
      this.coordinates[mode] = wider;
    }
    const values = this.#allocate(Float64Array, capacity * this.parts);
    values.set(this.values.subarray(0, kept * this.parts));
    this.values = values;
    this.capacity = capacity;
  }

  #allocate<T extends Int32Array | Float64Array>(type: new (length: number) => T, length: number): T {
    try {
      const array = new type(length);
      this.allocatedBytes += array.byteLength;
      return array;
    } catch (cause) {
      throw new TensorError("too-large", `no memory for ${length} entries of a tensor`, { cause });
    }
  }
}
