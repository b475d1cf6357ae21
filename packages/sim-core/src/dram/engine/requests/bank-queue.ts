/**
 * A buffer of reads or writes, kept by bank: all a scheduler may choose from is the oldest request to the open row of
 * each bank and the oldest to another row.
 */
import type { RequestPool } from "./request-pool.ts";

// Lists that may have a bank's entry of `other`.
const NONE = 0;
const CLOSED = 1;
const CONFLICT = 2;
/** Chains of requests by a hash, for twice as many requests as a buffer holds. */
const CHAINS = 64;

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
  // Per hash of bank and row: ends of its chain, oldest first.
  readonly #rowHead: Int32Array = new Int32Array(CHAINS).fill(-1);
  readonly #rowTail: Int32Array = new Int32Array(CHAINS).fill(-1);
  // Per hash of bank, row and column: the youngest of its chain.
  readonly #placeHead: Int32Array = new Int32Array(CHAINS).fill(-1);
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
    const { bank: banks, row: rows, next, previous, rowNext, rowPrevious, placeNext, column } = this.#pool;
    const bank = banks[slot]!;
    const row = rows[slot]!;
    const tail = this.#tail[bank]!;
    previous[slot] = tail;
    next[slot] = -1;
    if (tail < 0) this.#head[bank] = slot;
    else next[tail] = slot;
    this.#tail[bank] = slot;
    const chain = rowChain(bank, row);
    const rowTail = this.#rowTail[chain]!;
    rowPrevious[slot] = rowTail;
    rowNext[slot] = -1;
    if (rowTail < 0) this.#rowHead[chain] = slot;
    else rowNext[rowTail] = slot;
    this.#rowTail[chain] = slot;
    const place = placeChain(bank, row, column[slot]!);
    placeNext[slot] = this.#placeHead[place]!;
    this.#placeHead[place] = slot;
    if (row === this.#openRow[bank]) {
      if (this.hit[bank]! < 0) this.#setHit(bank, slot);
    } else if (this.other[bank]! < 0) this.#setOther(bank, slot);
    this.size += 1;
    this.ticks -= clk;
  }

  /** Takes `slot` out in tick `clk`. */
  remove(slot: number, clk: number): void {
    const { bank: banks, row, next, previous } = this.#pool;
    const bank = banks[slot]!;
    const before = previous[slot]!;
    const after = next[slot]!;
    if (this.hit[bank] === slot) this.#setHit(bank, this.#sameRow(slot, bank, row[slot]!));
    else if (this.other[bank] === slot) this.#setOther(bank, this.#notOpen(after, bank));
    if (before < 0) this.#head[bank] = after;
    else next[before] = after;
    if (after < 0) this.#tail[bank] = before;
    else previous[after] = before;
    this.#unchain(slot, bank);
    this.size -= 1;
    this.ticks += clk;
  }

  #unchain(slot: number, bank: number): void {
    const { row: rows, column, rowNext, rowPrevious, placeNext } = this.#pool;
    const row = rows[slot]!;
    const before = rowPrevious[slot]!;
    const after = rowNext[slot]!;
    const chain = rowChain(bank, row);
    if (before < 0) this.#rowHead[chain] = after;
    else rowNext[before] = after;
    if (after < 0) this.#rowTail[chain] = before;
    else rowPrevious[after] = before;
    const place = placeChain(bank, row, column[slot]!);
    let at = this.#placeHead[place]!;
    if (at === slot) {
      this.#placeHead[place] = placeNext[slot]!;
      return;
    }
    while (placeNext[at] !== slot) at = placeNext[at]!;
    placeNext[at] = placeNext[slot]!;
  }

  /** The open row of `bank` has changed. */
  rowChanged(bank: number): void {
    const head = this.#head[bank]!;
    if (head < 0) return;
    const opened = this.#openRow[bank]!;
    if (opened < 0) {
      if (this.hit[bank]! >= 0) this.#setHit(bank, -1);
      this.#setOther(bank, head);
      return;
    }
    const { bank: banks, row: rows, rowNext } = this.#pool;
    let hit = this.#rowHead[rowChain(bank, opened)]!;
    while (hit >= 0 && !(rows[hit] === opened && banks[hit] === bank)) hit = rowNext[hit]!;
    this.#setHit(bank, hit);
    this.#setOther(bank, this.#notOpen(head, bank));
  }

  /** Whether a request has `address`, which is at this place. */
  holds(address: number, bank: number, row: number, column: number): boolean {
    const { placeNext, address: addresses } = this.#pool;
    let slot = this.#placeHead[placeChain(bank, row, column)]!;
    while (slot >= 0 && addresses[slot] !== address) slot = placeNext[slot]!;
    return slot >= 0;
  }

  /** The next younger request to the bank and row of `slot`, or -1. */
  #sameRow(slot: number, bank: number, row: number): number {
    const { bank: banks, row: rows, rowNext } = this.#pool;
    let at = rowNext[slot]!;
    while (at >= 0 && !(rows[at] === row && banks[at] === bank)) at = rowNext[at]!;
    return at;
  }

  /** The oldest request of `bank`, from `slot` on, to another row than the open one, or -1. */
  #notOpen(slot: number, bank: number): number {
    const { next, row } = this.#pool;
    const opened = this.#openRow[bank]!;
    let at = slot;
    while (at >= 0 && row[at] === opened) at = next[at]!;
    return at;
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

function rowChain(bank: number, row: number): number {
  return (bank * 5 + row * 3) & (CHAINS - 1);
}

function placeChain(bank: number, row: number, column: number): number {
  return (bank * 5 + row * 3 + column) & (CHAINS - 1);
}
