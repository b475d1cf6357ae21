/**
 * A binary heap of the numbers 0 … n-1, each with a time of its own, least (time, number) first.
 *
 * `#heap` is a permutation of the numbers with the heap order; `#place` is its inverse.
 */
export class EventHeap {
  readonly #time: Float64Array;
  readonly #heap: Int32Array;
  readonly #place: Int32Array;

  /** A heap of `size` numbers, all at time `Infinity`. */
  constructor(size: number) {
    this.#time = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.#heap = Int32Array.from({ length: size }, (_, number) => number);
    this.#place = this.#heap.slice();
  }

  /** The number with the least (time, number); only in a heap that is not empty. */
  get first(): number {
    return this.#heap[0]!;
  }

  /** The least time; `Infinity` in an empty heap. */
  get firstTime(): number {
    return this.#heap.length === 0 ? Number.POSITIVE_INFINITY : this.#time[this.#heap[0]!]!;
  }

  /** The least time of all numbers but the first; `Infinity` if there is none. */
  get secondTime(): number {
    const left = this.#heap.length > 1 ? this.#time[this.#heap[1]!]! : Number.POSITIVE_INFINITY;
    const right = this.#heap.length > 2 ? this.#time[this.#heap[2]!]! : Number.POSITIVE_INFINITY;
    return Math.min(left, right);
  }

  /** Gives `number` a new time. */
  update(number: number, time: number): void {
    if (this.#time[number] === time) return;
    this.#time[number] = time;
    this.#sink(this.#rise(this.#place[number]!));
  }

  #before(a: number, b: number): boolean {
    const difference = this.#time[a]! - this.#time[b]!;
    return difference < 0 || (!(difference > 0) && a < b);
  }

  #rise(place: number): number {
    const number = this.#heap[place]!;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent]!;
      if (!this.#before(number, above)) break;
      this.#put(above, place);
      place = parent;
    }
    this.#put(number, place);
    return place;
  }

  #sink(place: number): void {
    const number = this.#heap[place]!;
    const size = this.#heap.length;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(this.#heap[child + 1]!, this.#heap[child]!)) child += 1;
      const below = this.#heap[child]!;
      if (!this.#before(below, number)) break;
      this.#put(below, place);
      place = child;
    }
    this.#put(number, place);
  }

  #put(number: number, place: number): void {
    this.#heap[place] = number;
    this.#place[number] = place;
  }
}
