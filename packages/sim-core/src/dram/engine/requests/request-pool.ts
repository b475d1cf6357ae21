/**
 * The requests inside one channel: a record of cells for each, all in one array, slots reused. A request is named by the
 * cell its record begins at; its field F is `cells[request + F]`.
 */

/** Fields of a record. */
export const BANK = 0;
export const ROW = 1;
export const COLUMN = 2;
/** 1 for a write. */
export const WRITE = 3;
/** Counts acceptances: of two requests, the one with the smaller number came first. */
export const ORDER = 4;
/** How it found its bank, above 0 once a command was issued for it; -1 in a free record. The channel says what numbers mean. */
export const STARTED = 5;
/** 1 while its row is kept open for it, outside its buffer. */
export const ACTIVE = 6;
/** Neighbours in the list of its bank in its buffer; -1 at the ends. */
export const NEXT = 7;
export const PREVIOUS = 8;
/** The next of the chain of its place in its buffer; -1 at the end. */
export const PLACE_NEXT = 9;
/** Neighbours in the list of its class, which is a ring by age. */
const OLDER = 10;
export const YOUNGER = 11;
const RECORD_BITS = 4;

/** Storage for a bounded number of requests, and for the heads of some lists of them. */
export class RequestPool {
  readonly cells: Int32Array;
  /** Of each record, [request >> 4]: byte address, -1 for requests given as vectors; tick of acceptance; caller's number. */
  readonly address: Float64Array;
  readonly arrive: Float64Array;
  readonly ticket: Float64Array;
  // Free records: #free[0 … #freeCount).
  readonly #free: Int32Array;
  readonly #capacity: number;
  #freeCount: number;
  #accepted = 0;
  #heads: number;

  /** Room for `capacity` requests and `rings` lists. */
  constructor(capacity: number, rings: number) {
    this.#capacity = capacity;
    this.cells = new Int32Array((capacity + rings) << RECORD_BITS);
    this.address = new Float64Array(capacity);
    this.arrive = new Float64Array(capacity);
    this.ticket = new Float64Array(capacity);
    this.#free = Int32Array.from({ length: capacity }, (_, i) => (capacity - 1 - i) << RECORD_BITS);
    this.#freeCount = capacity;
    this.#heads = capacity;
    for (const request of this.#free) this.cells[request + STARTED] = -1;
  }

  /** An empty list by age: the record that closes its ring, older than all. */
  ring(): number {
    const head = this.#heads++ << RECORD_BITS;
    this.cells[head + ORDER] = -1;
    this.cells[head + OLDER] = head;
    this.cells[head + YOUNGER] = head;
    return head;
  }

  /** A free record, not started, the youngest. */
  take(): number {
    const { cells } = this;
    this.#freeCount -= 1;
    const request = this.#free[this.#freeCount]!;
    cells[request + STARTED] = 0;
    cells[request + ACTIVE] = 0;
    cells[request + ORDER] = this.#accepted;
    this.#accepted = (this.#accepted + 1) | 0;
    return request;
  }

  release(request: number): void {
    this.cells[request + STARTED] = -1;
    this.#free[this.#freeCount] = request;
    this.#freeCount += 1;
  }

  /** Counts acceptances from the oldest request on again, before the numbers run out. */
  renumber(): void {
    const { cells } = this;
    const held: number[] = [];
    for (let slot = 0; slot < this.#capacity; slot++) {
      if (cells[(slot << RECORD_BITS) + STARTED]! >= 0) held.push(slot << RECORD_BITS);
    }
    held.sort((a, b) => cells[a + ORDER]! - cells[b + ORDER]!);
    for (const [order, request] of held.entries()) cells[request + ORDER] = order;
    this.#accepted = held.length;
  }
}

/** Puts `request` in its place in the ring of `head`: most are young. */
export function insertByAge(cells: Int32Array, head: number, request: number): void {
  const order = cells[request + ORDER]!;
  let older = cells[head + OLDER]!;
  while (cells[older + ORDER]! > order) older = cells[older + OLDER]!;
  const younger = cells[older + YOUNGER]!;
  cells[request + OLDER] = older;
  cells[request + YOUNGER] = younger;
  cells[older + YOUNGER] = request;
  cells[younger + OLDER] = request;
}

/** Takes `request` out of its ring. */
export function unlink(cells: Int32Array, request: number): void {
  const older = cells[request + OLDER]!;
  const younger = cells[request + YOUNGER]!;
  cells[older + YOUNGER] = younger;
  cells[younger + OLDER] = older;
}
