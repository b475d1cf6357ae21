import type { TileSum } from "../../tiles/sum-tiles.ts";

/**
 * Sums by point: what a sparse accumulator stores while it sums, and reads back in rising order of the points.
 *
 * A point has `order` coordinates, innermost first. Slots 0 … count - 1 hold the points met since the last `clear`, in the
 * order they were met; coordinate k of slot s is #coordinates[k][s]. Points of one coordinate are found by indexing while
 * coordinates are small, others in a table of slots probed linearly. After `sort` the slots' numbers in rising order are in `sorted`.
 */
export class SortedSums {
  readonly order: number;
  /** Points since the last `clear`. */
  count = 0;
  readonly #coordinates: Int32Array[];
  readonly #single = new Int32Array(1);
  readonly #tiles: TileSum | null;
  #sums = new Float64Array(FIRST_SLOTS);
  #sorted = new Int32Array(FIRST_SLOTS);
  // While indexed: slot + 1 by coordinate, 0 for none; otherwise slot + 1 by hash, of a size that is a power of two.
  #table = new Int32Array(2 * FIRST_SLOTS);
  #indexed: boolean;

  /** With `tiles`, values are numbers of tiles. */
  constructor(order: number, tiles: TileSum | null = null) {
    this.order = order;
    this.#tiles = tiles;
    this.#indexed = order === 1;
    this.#coordinates = Array.from({ length: order }, () => new Int32Array(FIRST_SLOTS));
  }

  /** Adds `value` at the point of one coordinate; only for order 1. */
  addAt(coordinate: number, value: number): void {
    if (coordinate >= this.#table.length) this.#widen(coordinate);
    if (!this.#indexed) {
      this.#single[0] = coordinate;
      this.#addHashed(this.#single, value);
      return;
    }
    const slot = this.#table[coordinate]! - 1;
    if (slot >= 0) {
      if (this.#tiles === null) this.#sums[slot]! += value;
      else this.#sums[slot] = this.#tiles.absorb(this.#sums[slot]!, value, false);
      return;
    }
    const fresh = this.#freshSlot();
    this.#coordinates[0]![fresh] = coordinate;
    this.#sums[fresh] = this.#tiles === null ? value : this.#tiles.absorb(0, value, true);
    this.#table[coordinate] = fresh + 1;
  }

  /** Adds `value` at `point`, coordinates innermost first. */
  add(point: Int32Array, value: number): void {
    if (this.order === 1) this.addAt(point[0]!, value);
    else this.#addHashed(point, value);
  }

  #addHashed(point: Int32Array, value: number): void {
    if (2 * this.count >= this.#table.length) this.#rehash(2 * this.#table.length);
    const mask = this.#table.length - 1;
    let place = this.#hash(point) & mask;
    for (let slot = this.#table[place]! - 1; slot >= 0; slot = this.#table[place]! - 1) {
      if (this.#isAt(slot, point)) {
        if (this.#tiles === null) this.#sums[slot]! += value;
        else this.#sums[slot] = this.#tiles.absorb(this.#sums[slot]!, value, false);
        return;
      }
      place = (place + 1) & mask;
    }
    const fresh = this.#freshSlot();
    for (let k = 0; k < this.order; k++) this.#coordinates[k]![fresh] = point[k]!;
    this.#sums[fresh] = this.#tiles === null ? value : this.#tiles.absorb(0, value, true);
    this.#table[place] = fresh + 1;
  }

  /** Calls back with every sum. */
  held(visit: (sum: number) => void): void {
    for (let slot = 0; slot < this.count; slot++) visit(this.#sums[slot]!);
  }

  /** Puts the points in rising order, outermost coordinate first. */
  sort(): void {
    const { count } = this;
    const sorted = this.#sorted.subarray(0, count);
    if (this.#indexed) this.#sortLine(sorted);
    else {
      for (let i = 0; i < count; i++) sorted[i] = i;
      sorted.sort((a, b) => this.#compare(a, b));
    }
  }

  /** Coordinate `level` (0 the innermost) of the `place`-th point in rising order. */
  coordinate(place: number, level: number): number {
    return this.#coordinates[level]![this.#sorted[place]!]!;
  }

  /** Sum at the `place`-th point in rising order. */
  sum(place: number): number {
    return this.#sums[this.#sorted[place]!]!;
  }

  /** Forgets all points. */
  clear(): void {
    if (this.#indexed) for (let s = 0; s < this.count; s++) this.#table[this.#coordinates[0]![s]!] = 0;
    else if (this.count > 0) this.#table.fill(0);
    this.count = 0;
  }

  // A few points are sorted by insertion, many by their coordinates, which then lead back to the slots.
  #sortLine(sorted: Int32Array): void {
    const coordinates = this.#coordinates[0]!;
    const { length } = sorted;
    if (length > INSERTION_LIMIT) {
      sorted.set(coordinates.subarray(0, length));
      sorted.sort();
      for (let i = 0; i < length; i++) sorted[i] = this.#table[sorted[i]!]! - 1;
      return;
    }
    for (let i = 0; i < length; i++) {
      const coordinate = coordinates[i]!;
      let place = i;
      while (place > 0 && coordinates[sorted[place - 1]!]! > coordinate) {
        sorted[place] = sorted[place - 1]!;
        place -= 1;
      }
      sorted[place] = i;
    }
  }

  #compare(a: number, b: number): number {
    for (let k = this.order - 1; k >= 0; k--) {
      const difference = this.#coordinates[k]![a]! - this.#coordinates[k]![b]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #freshSlot(): number {
    const slot = this.count;
    if (slot === this.#sums.length) this.#grow();
    this.count = slot + 1;
    return slot;
  }

  #grow(): void {
    const slots = 2 * this.#sums.length;
    const sums = new Float64Array(slots);
    sums.set(this.#sums);
    this.#sums = sums;
    this.#sorted = new Int32Array(slots);
    for (let k = 0; k < this.order; k++) {
      const coordinates = new Int32Array(slots);
      coordinates.set(this.#coordinates[k]!);
      this.#coordinates[k] = coordinates;
    }
  }

  #widen(coordinate: number): void {
    if (!this.#indexed) return;
    if (coordinate >= INDEXED_COORDINATES) {
      this.#indexed = false;
      this.#rehash(this.#table.length);
      return;
    }
    const table = new Int32Array(2 ** Math.ceil(Math.log2(coordinate + 1)));
    table.set(this.#table);
    this.#table = table;
  }

  /** `length` is a power of two, and more than twice the points. */
  #rehash(length: number): void {
    this.#table = new Int32Array(length);
    const mask = this.#table.length - 1;
    const point = new Int32Array(this.order);
    for (let slot = 0; slot < this.count; slot++) {
      for (let k = 0; k < this.order; k++) point[k] = this.#coordinates[k]![slot]!;
      let place = this.#hash(point) & mask;
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = slot + 1;
    }
  }

  #hash(point: Int32Array): number {
    let hash = 0;
    for (let k = 0; k < this.order; k++) hash = Math.imul(hash ^ point[k]!, 0x9e3779b1) ^ (hash >>> 15);
    return hash ^ (hash >>> 16);
  }

  #isAt(slot: number, point: Int32Array): boolean {
    for (let k = 0; k < this.order; k++) if (this.#coordinates[k]![slot] !== point[k]) return false;
    return true;
  }
}

const FIRST_SLOTS = 16;
const INSERTION_LIMIT = 24;
/** Coordinates below this are looked up by indexing: a table of 16 MiB at most. A power of two, as all table sizes are. */
const INDEXED_COORDINATES = 2 ** 22;
