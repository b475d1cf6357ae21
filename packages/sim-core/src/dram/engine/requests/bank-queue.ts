/**
 * A buffer of reads or writes, kept by bank: all a scheduler may choose from is the oldest request to the open row of
 * each bank and the oldest to another row. These are in three rings by age, one for each command they wait for.
 */
import {
  BANK,
  COLUMN,
  insertByAge,
  NEXT,
  PLACE_NEXT,
  PREVIOUS,
  type RequestPool,
  ROW,
  unlink,
  YOUNGER,
} from "./request-pool.ts";

// Fields of a bank's record: ends of its list, oldest first; the oldest request to its open row and the oldest to another.
// All are -1 without any.
const HEAD = 0;
const TAIL = 1;
const HIT = 2;
const OTHER = 3;
const BANK_BITS = 2;
/** Chains of requests by a hash, for twice as many requests as a buffer holds. */
const CHAINS = 64;

/** One buffer; `openRow` is that of the channel, -1 for a closed bank. */
export class BankQueue {
  size = 0;
  /** Ring of the oldest requests to the open rows of their banks. */
  readonly hits: number;
  /** Ring of those of closed banks, whose rows are to be opened. */
  readonly opens: number;
  /** Ring of those of open banks to other rows, which are to be closed for them. */
  readonly closes: number;
  /** Ticks spent in the buffer, summed over the requests that have left, less the arrivals of those that have not. */
  ticks = 0;
  readonly #pool: RequestPool;
  readonly #cells: Int32Array;
  readonly #openRow: Int32Array;
  readonly #banks: Int32Array;
  // Per hash of bank, row and column: the youngest of its chain; no chains where nobody looks for addresses.
  readonly #placeHead: Int32Array | null;

  /** `findable`: whether `holds` is asked of it. */
  constructor(pool: RequestPool, openRow: Int32Array, findable: boolean) {
    this.#pool = pool;
    this.#cells = pool.cells;
    this.#openRow = openRow;
    this.hits = pool.ring();
    this.opens = pool.ring();
    this.closes = pool.ring();
    this.#banks = new Int32Array(openRow.length << BANK_BITS).fill(-1);
    this.#placeHead = findable ? new Int32Array(CHAINS).fill(-1) : null;
  }

  /** The oldest request to the open row of `bank`; -1 without any. */
  hit(bank: number): number {
    return this.#banks[(bank << BANK_BITS) + HIT]!;
  }

  /** The oldest request of `bank` to a row that is not open; -1 without any. */
  other(bank: number): number {
    return this.#banks[(bank << BANK_BITS) + OTHER]!;
  }

  /** Adds `request`, the youngest, at `clk`. */
  push(request: number, clk: number): void {
    const cells = this.#cells;
    const banks = this.#banks;
    const bank = cells[request + BANK]!;
    const at = bank << BANK_BITS;
    const tail = banks[at + TAIL]!;
    cells[request + PREVIOUS] = tail;
    cells[request + NEXT] = -1;
    if (tail < 0) banks[at + HEAD] = request;
    else cells[tail + NEXT] = request;
    banks[at + TAIL] = request;
    this.size += 1;
    this.ticks -= clk;
    if (this.#placeHead !== null) this.#chain(this.#placeHead, request);
    const open = this.#openRow[bank]!;
    if (cells[request + ROW] === open) {
      if (banks[at + HIT]! >= 0) return;
      banks[at + HIT] = request;
      insertByAge(cells, this.hits, request);
    } else if (banks[at + OTHER]! < 0) {
      this.#setOther(at, request, open);
    }
  }

  /** Takes `request` out in tick `clk`. */
  remove(request: number, clk: number): void {
    const cells = this.#cells;
    const banks = this.#banks;
    const bank = cells[request + BANK]!;
    const at = bank << BANK_BITS;
    const after = cells[request + NEXT]!;
    const hit = banks[at + HIT] === request;
    const other = banks[at + OTHER] === request;
    this.leave(request, clk);
    const open = this.#openRow[bank]!;
    if (hit) {
      const next = this.#from(after, open, true);
      banks[at + HIT] = next;
      if (next >= 0) insertByAge(cells, this.hits, next);
    } else if (other) this.#setOther(at, this.#from(after, open, false), open);
  }

  /** The same where the row of its bank changes next: `rowChanged` has to follow. */
  leave(request: number, clk: number): void {
    const cells = this.#cells;
    const banks = this.#banks;
    const at = cells[request + BANK]! << BANK_BITS;
    const before = cells[request + PREVIOUS]!;
    const after = cells[request + NEXT]!;
    if (before < 0) banks[at + HEAD] = after;
    else cells[before + NEXT] = after;
    if (after < 0) banks[at + TAIL] = before;
    else cells[after + PREVIOUS] = before;
    this.size -= 1;
    this.ticks += clk;
    if (this.#placeHead !== null) this.#unchain(this.#placeHead, request);
    if (banks[at + HIT] === request) {
      banks[at + HIT] = -1;
      unlink(cells, request);
    } else if (banks[at + OTHER] === request) {
      banks[at + OTHER] = -1;
      unlink(cells, request);
    }
  }

  /** The request in a buffer of one. */
  get only(): number {
    const { hits, opens, closes } = this;
    const cells = this.#cells;
    for (const ring of [hits, opens, closes]) if (cells[ring + YOUNGER] !== ring) return cells[ring + YOUNGER]!;
    return -1;
  }

  /** The open row of `bank` has changed. */
  rowChanged(bank: number): void {
    const cells = this.#cells;
    const banks = this.#banks;
    const at = bank << BANK_BITS;
    const head = banks[at + HEAD]!;
    const hit = banks[at + HIT]!;
    const other = banks[at + OTHER]!;
    if (hit >= 0) unlink(cells, hit);
    if (other >= 0) unlink(cells, other);
    const open = this.#openRow[bank]!;
    const next = open < 0 ? -1 : this.#from(head, open, true);
    banks[at + HIT] = next;
    if (next >= 0) insertByAge(cells, this.hits, next);
    this.#setOther(at, open < 0 ? head : this.#from(head, open, false), open);
  }

  /** Whether a request has `address`, which is at this place. */
  holds(address: number, bank: number, row: number, column: number): boolean {
    const cells = this.#cells;
    const { address: addresses } = this.#pool;
    let request = this.#placeHead![chainOf(bank, row, column)]!;
    while (request >= 0 && addresses[request >> 4] !== address) request = cells[request + PLACE_NEXT]!;
    return request >= 0;
  }

  #chain(heads: Int32Array, request: number): void {
    const cells = this.#cells;
    const chain = chainOf(cells[request + BANK]!, cells[request + ROW]!, cells[request + COLUMN]!);
    cells[request + PLACE_NEXT] = heads[chain]!;
    heads[chain] = request;
  }

  #unchain(heads: Int32Array, request: number): void {
    const cells = this.#cells;
    const chain = chainOf(cells[request + BANK]!, cells[request + ROW]!, cells[request + COLUMN]!);
    let at = heads[chain]!;
    if (at === request) {
      heads[chain] = cells[request + PLACE_NEXT]!;
      return;
    }
    while (cells[at + PLACE_NEXT] !== request) at = cells[at + PLACE_NEXT]!;
    cells[at + PLACE_NEXT] = cells[request + PLACE_NEXT]!;
  }

  /** The oldest request of a bank, from `request` on, to row `open`, or to another; -1 without any. */
  #from(request: number, open: number, same: boolean): number {
    const cells = this.#cells;
    let at = request;
    while (at >= 0 && (cells[at + ROW] === open) !== same) at = cells[at + NEXT]!;
    return at;
  }

  /** `request` is the oldest to another row in the bank whose record is at `at`. */
  #setOther(at: number, request: number, open: number): void {
    this.#banks[at + OTHER] = request;
    if (request >= 0) insertByAge(this.#cells, open < 0 ? this.opens : this.closes, request);
  }
}

function chainOf(bank: number, row: number, column: number): number {
  return (bank * 5 + row * 3 + column) & (CHAINS - 1);
}
