/**
 * A buffer of reads or writes, kept by bank: all a scheduler may choose from is the oldest request to the open row of
 * each bank and the oldest to another row.
 */
import type { RequestPool } from "./request-pool.ts";

/** One buffer; `openRow` is that of the channel, -1 for a closed bank. */
export class BankQueue {
  size = 0;
  /** Banks with requests, busy[0 … busyCount), in no order. */
  readonly busy: Int32Array;
  busyCount = 0;
  /** Per bank, the oldest request to its open row; -1 without any. */
  readonly hit: Int32Array;
  /** Per bank, the oldest request to a row that is not open; -1 without any. */
  readonly other: Int32Array;
  /** Ticks spent in the buffer, summed over the requests that have left, less the arrivals of those that have not. */
  ticks = 0;
  readonly #pool: RequestPool;
  readonly #openRow: Int32Array;
  // Per bank: ends of its list, oldest first, and its place in #busy.
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #place: Int32Array;

  constructor(pool: RequestPool, openRow: Int32Array) {
    const banks = openRow.length;
    this.#pool = pool;
    this.#openRow = openRow;
    this.busy = new Int32Array(banks);
    this.hit = new Int32Array(banks).fill(-1);
    this.other = new Int32Array(banks).fill(-1);
    this.#head = new Int32Array(banks).fill(-1);
    this.#tail = new Int32Array(banks).fill(-1);
    this.#place = new Int32Array(banks);
  }

  /** Adds `slot`, the youngest, at `clk`. */
  push(slot: number, clk: number): void {
    const pool = this.#pool;
    const bank = pool.bank[slot]!;
    const tail = this.#tail[bank]!;
    pool.previous[slot] = tail;
    pool.next[slot] = -1;
    if (tail < 0) {
      this.#head[bank] = slot;
      this.#place[bank] = this.busyCount;
      this.busy[this.busyCount] = bank;
      this.busyCount += 1;
    } else pool.next[tail] = slot;
    this.#tail[bank] = slot;
    const heads = pool.row[slot] === this.#openRow[bank] ? this.hit : this.other;
    if (heads[bank]! < 0) heads[bank] = slot;
    this.size += 1;
    this.ticks -= clk;
  }

  /** Takes `slot` out in tick `clk`. */
  remove(slot: number, clk: number): void {
    const pool = this.#pool;
    const bank = pool.bank[slot]!;
    const previous = pool.previous[slot]!;
    const next = pool.next[slot]!;
    if (this.hit[bank] === slot) this.hit[bank] = this.#oldest(next, bank, true);
    else if (this.other[bank] === slot) this.other[bank] = this.#oldest(next, bank, false);
    if (previous < 0) this.#head[bank] = next;
    else pool.next[previous] = next;
    if (next < 0) this.#tail[bank] = previous;
    else pool.previous[next] = previous;
    if (previous < 0 && next < 0) {
      this.busyCount -= 1;
      const moved = this.busy[this.busyCount]!;
      const place = this.#place[bank]!;
      this.busy[place] = moved;
      this.#place[moved] = place;
    }
    this.size -= 1;
    this.ticks += clk;
  }

  /** The open row of `bank` has changed. */
  rowChanged(bank: number): void {
    const head = this.#head[bank]!;
    if (head < 0) return;
    this.hit[bank] = this.#oldest(head, bank, true);
    this.other[bank] = this.#oldest(head, bank, false);
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
}
