/**
 * A buffer of reads or writes, kept by bank: all a scheduler may choose from is the oldest request to the open row of
 * each bank and the oldest to another row.
 */
import type { RequestPool } from "./request-pool.ts";

// Lists that may have a bank's entry of `other`.
const NONE = 0;
const CLOSED = 1;
const CONFLICT = 2;

/** One buffer; `openRow` is that of the channel, -1 for a closed bank. */
export class BankQueue {
  size = 0;
  /** Per bank, the oldest request to its open row; -1 without any. */
  readonly hit: Int32Array;
  /** Per bank, the oldest request to a row that is not open; -1 without any. */
  readonly other: Int32Array;
  /** Banks with an entry in `hit`, hitBanks[0 … hitCount), in no order. */
  readonly hitBanks: Int32Array;
  hitCount = 0;
  /** Closed banks with an entry in `other`, closedBanks[0 … closedCount), in no order. */
  readonly closedBanks: Int32Array;
  closedCount = 0;
  /** Open banks with an entry in `other`, conflictBanks[0 … conflictCount), in no order. */
  readonly conflictBanks: Int32Array;
  conflictCount = 0;
  /** Ticks spent in the buffer, summed over the requests that have left, less the arrivals of those that have not. */
  ticks = 0;
  readonly #pool: RequestPool;
  readonly #openRow: Int32Array;
  // Per bank: ends of its list, oldest first.
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  // Per bank: its place in hitBanks, the list that has its entry of `other`, and its place there.
  readonly #hitPlace: Int32Array;
  readonly #otherList: Uint8Array;
  readonly #otherPlace: Int32Array;

  constructor(pool: RequestPool, openRow: Int32Array) {
    const banks = openRow.length;
    this.#pool = pool;
    this.#openRow = openRow;
    this.hit = new Int32Array(banks).fill(-1);
    this.other = new Int32Array(banks).fill(-1);
    this.hitBanks = new Int32Array(banks);
    this.closedBanks = new Int32Array(banks);
    this.conflictBanks = new Int32Array(banks);
    this.#head = new Int32Array(banks).fill(-1);
    this.#tail = new Int32Array(banks).fill(-1);
    this.#hitPlace = new Int32Array(banks);
    this.#otherList = new Uint8Array(banks);
    this.#otherPlace = new Int32Array(banks);
  }

  /** Adds `slot`, the youngest, at `clk`. */
  push(slot: number, clk: number): void {
    const pool = this.#pool;
    const bank = pool.bank[slot]!;
    const tail = this.#tail[bank]!;
    pool.previous[slot] = tail;
    pool.next[slot] = -1;
    if (tail < 0) this.#head[bank] = slot;
    else pool.next[tail] = slot;
    this.#tail[bank] = slot;
    if (pool.row[slot] === this.#openRow[bank]) {
      if (this.hit[bank]! < 0) this.#setHit(bank, slot);
    } else if (this.other[bank]! < 0) this.#setOther(bank, slot);
    this.size += 1;
    this.ticks -= clk;
  }

  /** Takes `slot` out in tick `clk`. */
  remove(slot: number, clk: number): void {
    const pool = this.#pool;
    const bank = pool.bank[slot]!;
    const previous = pool.previous[slot]!;
    const next = pool.next[slot]!;
    if (this.hit[bank] === slot) this.#setHit(bank, this.#oldest(next, bank, true));
    else if (this.other[bank] === slot) this.#setOther(bank, this.#oldest(next, bank, false));
    if (previous < 0) this.#head[bank] = next;
    else pool.next[previous] = next;
    if (next < 0) this.#tail[bank] = previous;
    else pool.previous[next] = previous;
    this.size -= 1;
    this.ticks += clk;
  }

  /** The open row of `bank` has changed. */
  rowChanged(bank: number): void {
    const head = this.#head[bank]!;
    if (head < 0) return;
    this.#setHit(bank, this.#oldest(head, bank, true));
    this.#setOther(bank, this.#oldest(head, bank, false));
  }

  /** Whether a request of `bank` has `address`. */
  holds(address: number, bank: number): boolean {
    const { next, address: addresses } = this.#pool;
    for (let slot = this.#head[bank]!; slot >= 0; slot = next[slot]!) if (addresses[slot] === address) return true;
    return false;
  }

  #oldest(from: number, bank: number, open: boolean): number {
    const { next, row } = this.#pool;
    const opened = this.#openRow[bank]!;
    let slot = from;
    while (slot >= 0 && (row[slot] === opened) !== open) slot = next[slot]!;
    return slot;
  }

  #setHit(bank: number, slot: number): void {
    const before = this.hit[bank]!;
    this.hit[bank] = slot;
    if (before < 0 === slot < 0) return;
    if (slot >= 0) {
      this.#hitPlace[bank] = this.hitCount;
      this.hitBanks[this.hitCount] = bank;
      this.hitCount += 1;
      return;
    }
    this.hitCount -= 1;
    const moved = this.hitBanks[this.hitCount]!;
    this.hitBanks[this.#hitPlace[bank]!] = moved;
    this.#hitPlace[moved] = this.#hitPlace[bank]!;
  }

  #setOther(bank: number, slot: number): void {
    this.other[bank] = slot;
    const before = this.#otherList[bank]!;
    const after = slot < 0 ? NONE : this.#openRow[bank]! < 0 ? CLOSED : CONFLICT;
    if (before === after) return;
    this.#otherList[bank] = after;
    if (before === CLOSED) {
      this.closedCount -= 1;
      this.#fill(this.closedBanks, this.closedCount, this.#otherPlace[bank]!);
    } else if (before === CONFLICT) {
      this.conflictCount -= 1;
      this.#fill(this.conflictBanks, this.conflictCount, this.#otherPlace[bank]!);
    }
    if (after === CLOSED) {
      this.#otherPlace[bank] = this.closedCount;
      this.closedBanks[this.closedCount] = bank;
      this.closedCount += 1;
    } else if (after === CONFLICT) {
      this.#otherPlace[bank] = this.conflictCount;
      this.conflictBanks[this.conflictCount] = bank;
      this.conflictCount += 1;
    }
  }

  /** Moves the bank at `last` of a list to `place`. */
  #fill(list: Int32Array, last: number, place: number): void {
    const moved = list[last]!;
    list[place] = moved;
    this.#otherPlace[moved] = place;
  }
}
