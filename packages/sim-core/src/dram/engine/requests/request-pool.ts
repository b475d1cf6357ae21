/**
 * The requests inside one channel: fields side by side in arrays, slots reused.
 */

/** Storage for a bounded number of requests; a request is the number of its slot. */
export class RequestPool {
  /** Byte address; -1 for requests given as vectors. */
  readonly address: Float64Array;
  readonly bank: Int32Array;
  readonly row: Int32Array;
  readonly column: Int32Array;
  /** 1 for a write. */
  readonly write: Uint8Array;
  /** Tick of acceptance. */
  readonly arrive: Float64Array;
  /** Counts acceptances: of two requests, the one with the smaller number came first. */
  readonly order: Float64Array;
  /** The caller's number of the request. */
  readonly ticket: Float64Array;
  /** How it found its bank, above 0 once a command was issued for it; the channel gives the numbers their meaning. */
  readonly started: Uint8Array;
  /** 1 while its row is kept open for it, outside its buffer. */
  readonly active: Uint8Array;
  /** Neighbours in the list of the bank in the queue; -1 at the ends. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** The next of the chain of its place in the queue; -1 at the end. */
  readonly placeNext: Int32Array;
  readonly #free: Int32Array;
  #freeCount: number;

  constructor(capacity: number) {
    this.address = new Float64Array(capacity);
    this.bank = new Int32Array(capacity);
    this.row = new Int32Array(capacity);
    this.column = new Int32Array(capacity);
    this.write = new Uint8Array(capacity);
    this.arrive = new Float64Array(capacity);
    this.order = new Float64Array(capacity);
    this.ticket = new Float64Array(capacity);
    this.started = new Uint8Array(capacity);
    this.active = new Uint8Array(capacity);
    this.next = new Int32Array(capacity).fill(-1);
    this.previous = new Int32Array(capacity).fill(-1);
    this.placeNext = new Int32Array(capacity).fill(-1);
    this.#free = Int32Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
    this.#freeCount = capacity;
  }

  /** A free slot, not started. */
  take(): number {
    this.#freeCount -= 1;
    const slot = this.#free[this.#freeCount]!;
    this.started[slot] = 0;
    this.active[slot] = 0;
    return slot;
  }

  release(slot: number): void {
    this.#free[this.#freeCount] = slot;
    this.#freeCount += 1;
  }
}
