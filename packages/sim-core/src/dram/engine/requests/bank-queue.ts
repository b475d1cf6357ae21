/**
 * A buffer of reads or writes, kept by bank: all a scheduler may choose from is the oldest request to the open row of
 * each bank and the oldest to another row.
 */
import { AgedList } from "./aged-list.ts";
import type { RequestPool } from "./request-pool.ts";

// Lists that may have a bank's entry of `other`.
const NONE = 0;
const OPEN = 1;
const CLOSE = 2;
/** Chains of requests by a hash, for twice as many requests as a buffer holds. */
const CHAINS = 64;

/** One buffer; `openRow` is that of the channel, -1 for a closed bank. */
export class BankQueue {
  size = 0;
  /** Per bank, the oldest request to its open row; -1 without any. */
  readonly hit: Int32Array;
  /** Per bank, the oldest request to a row that is not open; -1 without any. */
  readonly other: Int32Array;
  /** The requests of `hit`. */
  readonly hits: AgedList;
  /** Those of `other` in closed banks, whose rows are to be opened. */
  readonly opens: AgedList;
  /** Those of `other` in open banks, which are to be closed for them. */
  readonly closes: AgedList;
  /** Ticks spent in the buffer, summed over the requests that have left, less the arrivals of those that have not. */
  ticks = 0;
  readonly #pool: RequestPool;
  readonly #openRow: Int32Array;
  // Per bank: ends of its list, oldest first.
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  // Per bank: the list that has its entry of `other`.
  readonly #otherList: Uint8Array;
  // Per hash of bank, row and column: the youngest of its chain; no chains where nobody looks for addresses.
  readonly #placeHead: Int32Array | null;

  /** `findable`: whether `holds` is asked of it. */
  constructor(pool: RequestPool, openRow: Int32Array, findable: boolean) {
    const banks = openRow.length;
    this.#pool = pool;
    this.#openRow = openRow;
    this.hit = new Int32Array(banks).fill(-1);
    this.other = new Int32Array(banks).fill(-1);
    this.hits = new AgedList(pool.order);
    this.opens = new AgedList(pool.order);
    this.closes = new AgedList(pool.order);
    this.#head = new Int32Array(banks).fill(-1);
    this.#tail = new Int32Array(banks).fill(-1);
    this.#otherList = new Uint8Array(banks);
    this.#placeHead = findable ? new Int32Array(CHAINS).fill(-1) : null;
  }

  /** Adds `slot`, the youngest, at `clk`. */
  push(slot: number, clk: number): void {
    const { bank: banks, row, next, previous } = this.#pool;
    const bank = banks[slot]!;
    const tail = this.#tail[bank]!;
    previous[slot] = tail;
    next[slot] = -1;
    if (tail < 0) this.#head[bank] = slot;
    else next[tail] = slot;
    this.#tail[bank] = slot;
    if (this.#placeHead !== null) this.#chain(this.#placeHead, slot);
    if (row[slot] === this.#openRow[bank]) {
      if (this.hit[bank]! < 0) this.#setHit(bank, slot);
    } else if (this.other[bank]! < 0) this.#setOther(bank, slot);
    this.size += 1;
    this.ticks -= clk;
  }

  /** Takes `slot` out in tick `clk`. */
  remove(slot: number, clk: number): void {
    const { bank: banks, next, previous } = this.#pool;
    const bank = banks[slot]!;
    const before = previous[slot]!;
    const after = next[slot]!;
    if (this.hit[bank] === slot) this.#setHit(bank, this.#toOpenRow(after, bank));
    else if (this.other[bank] === slot) this.#setOther(bank, this.#toOtherRow(after, bank));
    if (before < 0) this.#head[bank] = after;
    else next[before] = after;
    if (after < 0) this.#tail[bank] = before;
    else previous[after] = before;
    if (this.#placeHead !== null) this.#unchain(this.#placeHead, slot);
    this.size -= 1;
    this.ticks += clk;
  }

  /** The request in a buffer of one. */
  get only(): number {
    const { hits, opens, closes } = this;
    return (hits.count > 0 ? hits : opens.count > 0 ? opens : closes).slots[0]!;
  }

  /** The open row of `bank` has changed. */
  rowChanged(bank: number): void {
    const head = this.#head[bank]!;
    if (head < 0) return;
    if (this.#openRow[bank]! < 0) {
      this.#setHit(bank, -1);
      this.#setOther(bank, head);
      return;
    }
    this.#setHit(bank, this.#toOpenRow(head, bank));
    this.#setOther(bank, this.#toOtherRow(head, bank));
  }

  /** Whether a request has `address`, which is at this place. */
  holds(address: number, bank: number, row: number, column: number): boolean {
    const { placeNext, address: addresses } = this.#pool;
    let slot = this.#placeHead![chainOf(bank, row, column)]!;
    while (slot >= 0 && addresses[slot] !== address) slot = placeNext[slot]!;
    return slot >= 0;
  }

  #chain(heads: Int32Array, slot: number): void {
    const { bank, row, column, placeNext } = this.#pool;
    const chain = chainOf(bank[slot]!, row[slot]!, column[slot]!);
    placeNext[slot] = heads[chain]!;
    heads[chain] = slot;
  }

  #unchain(heads: Int32Array, slot: number): void {
    const { bank, row, column, placeNext } = this.#pool;
    const chain = chainOf(bank[slot]!, row[slot]!, column[slot]!);
    let at = heads[chain]!;
    if (at === slot) {
      heads[chain] = placeNext[slot]!;
      return;
    }
    while (placeNext[at] !== slot) at = placeNext[at]!;
    placeNext[at] = placeNext[slot]!;
  }

  /** The oldest request of `bank`, from `slot` on, to its open row, or -1. */
  #toOpenRow(slot: number, bank: number): number {
    const { next, row } = this.#pool;
    const opened = this.#openRow[bank]!;
    let at = slot;
    while (at >= 0 && row[at] !== opened) at = next[at]!;
    return at;
  }

  /** The oldest request of `bank`, from `slot` on, to another row, or -1. */
  #toOtherRow(slot: number, bank: number): number {
    const { next, row } = this.#pool;
    const opened = this.#openRow[bank]!;
    let at = slot;
    while (at >= 0 && row[at] === opened) at = next[at]!;
    return at;
  }

  #setHit(bank: number, slot: number): void {
    const before = this.hit[bank]!;
    if (before === slot) return;
    this.hit[bank] = slot;
    if (before >= 0) this.hits.remove(before);
    if (slot >= 0) this.hits.insert(slot);
  }

  #setOther(bank: number, slot: number): void {
    const before = this.other[bank]!;
    const from = this.#otherList[bank]!;
    const to = slot < 0 ? NONE : this.#openRow[bank]! < 0 ? OPEN : CLOSE;
    if (before === slot && from === to) return;
    this.other[bank] = slot;
    this.#otherList[bank] = to;
    if (from !== NONE) (from === OPEN ? this.opens : this.closes).remove(before);
    if (to !== NONE) (to === OPEN ? this.opens : this.closes).insert(slot);
  }
}

function chainOf(bank: number, row: number, column: number): number {
  return (bank * 5 + row * 3 + column) & (CHAINS - 1);
}
