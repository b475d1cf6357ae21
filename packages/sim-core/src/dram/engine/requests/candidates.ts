/**
 * What a buffer offers the scheduler: per class of command the request to issue first, kept up to date where a change
 * touches one bank and searched anew only where it touches many.
 */

import type { CommandSet } from "../command-set.ts";
import type { DeviceTiming } from "../timing/device-timing.ts";
import type { EdgePairing } from "../timing/edge-pairing.ts";
import type { BankQueue } from "./bank-queue.ts";
import { Plan } from "./plan.ts";
import type { RequestPool } from "./request-pool.ts";

const NEVER = Number.POSITIVE_INFINITY;
/** Beyond every tick counted from an epoch. */
const LARGEST = 2 ** 31 - 1;

/** The later of two ticks from -2^30 to 2^30; see `DeviceTiming`. */
const later = (a: number, b: number): number => {
  const difference = (b - a) | 0;
  return (a + (difference & ~(difference >> 31))) | 0;
};

const absolute = (epoch: number, time: number): number => (time === LARGEST ? NEVER : epoch + time);

/** What candidates depend on; all of it belongs to the channel. */
export interface CandidateSources {
  readonly timing: DeviceTiming;
  readonly codes: CommandSet;
  readonly pool: RequestPool;
  readonly openRow: Int32Array;
  readonly activeIn: Int32Array;
  readonly edges: EdgePairing;
  /** Whether a close of a row that an active request needs is passed over. */
  readonly skipsHeld: boolean;
  /** Whether a close is passed over while an older request of the buffer hits the row. */
  readonly rowHitFirst: boolean;
}

/** The candidates of one buffer. */
export class Candidates {
  /** Result of the last choice. */
  slot = -1;
  time: number = NEVER;
  /** Whether that choice, of all classes, still holds for ticks up to `time`. */
  settled = false;
  // When the first request is ready, were it to issue or not: a younger one counts only if it is ready before.
  #firstTime: number = NEVER;
  /** Whether any request is active; without one no close is held up. */
  anyActive = false;
  readonly #queue: BankQueue;
  readonly #access: number;
  readonly #sources: CandidateSources;
  readonly #hits = new Plan();
  readonly #opens = new Plan();
  readonly #closes = new Plan();
  // For a choice among older requests only: the first of a class, and the number that they are below.
  readonly #older = new Plan();
  #before: number = NEVER;

  /** `access` is the command of the buffer's requests. */
  constructor(queue: BankQueue, access: number, sources: CandidateSources) {
    this.#queue = queue;
    this.#access = access;
    this.#sources = sources;
  }

  /** A request to `bank` was added. `from` is the first tick in which it may be served. */
  added(slot: number, bank: number, from: number): void {
    const { openRow } = this.#sources;
    const { hit, other } = this.#queue;
    const row = openRow[bank]!;
    if (this.#sources.rowHitFirst) {
      this.#closes.stale = true;
      this.settled = false;
    }
    if (hit[bank] === slot) this.#newcomer(this.#hits, slot, this.#hitTime(bank, from));
    else if (other[bank] === slot) {
      if (row < 0) this.#newcomer(this.#opens, slot, this.#openTime(bank, from));
      else if (this.#mayClose(bank)) this.#newcomer(this.#closes, slot, this.#closeTime(bank, from));
    }
  }

  #newcomer(plan: Plan, slot: number, time: number): void {
    plan.add(slot, time, this.#sources.pool.order[slot]!);
    if (time < this.#firstTime) this.settled = false;
  }

  /** `command` was issued to `bank`, whose state and requests may have changed. */
  issued(command: number, bank: number, from: number): void {
    if (this.#queue.size === 0) {
      this.invalidate();
      return;
    }
    const { timing, codes } = this.#sources;
    this.settled = false;
    if (timing.spreads(command, this.#access)) this.#hits.stale = true;
    if (timing.spreads(command, codes.open)) this.#opens.stale = true;
    if (timing.spreads(command, codes.close)) this.#closes.stale = true;
    const { hit, other } = this.#queue;
    const { openRow, pool } = this.#sources;
    const closed = openRow[bank]! < 0;
    const oldestHit = hit[bank]!;
    const oldestOther = other[bank]!;
    if (this.#current(this.#hits, bank) && oldestHit >= 0) this.#addHit(oldestHit, bank, from);
    if (this.#current(this.#opens, bank) && closed && oldestOther >= 0) {
      this.#opens.add(oldestOther, this.#openTime(bank, from), pool.order[oldestOther]!);
    }
    if (this.#current(this.#closes, bank) && !closed && oldestOther >= 0 && this.#mayClose(bank)) {
      this.#closes.add(oldestOther, this.#closeTime(bank, from), pool.order[oldestOther]!);
    }
  }

  /** Whether `plan` is still good once `bank` has changed; marks it if not. */
  #current(plan: Plan, bank: number): boolean {
    if (plan.slot >= 0 && this.#sources.pool.bank[plan.slot] === bank) plan.stale = true;
    return !plan.stale;
  }

  /** Anything may have changed. */
  invalidate(): void {
    this.settled = false;
    this.#hits.stale = true;
    this.#opens.stale = true;
    this.#closes.stale = true;
  }

  /** Which closes are allowed may have changed. */
  invalidateCloses(): void {
    this.settled = false;
    this.#closes.stale = true;
  }

  /** The edge `edge` is no longer for all closes. */
  paired(edge: number): void {
    if (this.#closes.time === edge) this.invalidateCloses();
  }

  /** Whether the last choice tells that nothing issues in tick `clk`. */
  restsAt(clk: number): boolean {
    return this.settled && this.time > clk;
  }

  /** Chooses among all classes what issues next, in tick `from` at the earliest. */
  choose(from: number): void {
    if (this.settled && this.time >= from) return;
    if (this.#queue.size === 0) {
      this.slot = -1;
      this.time = NEVER;
      this.#firstTime = NEVER;
      this.settled = true;
      return;
    }
    if (this.#queue.size === 1) {
      this.#chooseOnly(from);
      return;
    }
    this.chooseRow(from);
    const { slot, time } = this;
    this.chooseHit(from);
    if (slot >= 0 && time <= this.time) {
      const { order } = this.#sources.pool;
      if (time < this.time || order[slot]! < order[this.slot]!) {
        this.slot = slot;
        this.time = time;
      }
    }
    this.#firstTime = this.time;
    this.settled = true;
  }

  /** Chooses the only request there is. */
  #chooseOnly(from: number): void {
    const { hit, other, hitBanks, hitCount, closedBanks, closedCount, conflictBanks } = this.#queue;
    if (hitCount === 1) {
      const bank = hitBanks[0]!;
      this.slot = hit[bank]!;
      this.time = this.#hitTime(bank, from);
    } else if (closedCount === 1) {
      const bank = closedBanks[0]!;
      this.slot = other[bank]!;
      this.time = this.#openTime(bank, from);
    } else {
      const bank = conflictBanks[0]!;
      const closes = this.#mayClose(bank);
      this.slot = closes ? other[bank]! : -1;
      this.time = closes ? this.#closeTime(bank, from) : NEVER;
    }
    this.invalidate();
    this.#firstTime = this.time;
    this.settled = true;
  }

  /** Chooses among the accesses. */
  chooseHit(from: number): void {
    this.settled = false;
    if (this.#queue.hitCount === 0) {
      this.slot = -1;
      this.time = NEVER;
      this.#hits.stale = true;
      return;
    }
    const { timing, edges } = this.#sources;
    const plan = this.#hits;
    const floor = edges.rising(Math.max(from, timing.channelReady(this.#access)));
    if (!plan.holdsFrom(floor)) this.#searchHits(floor);
    this.slot = plan.slot;
    this.time = plan.time;
  }

  /** Chooses among the opens and closes. */
  chooseRow(from: number): void {
    this.settled = false;
    const { timing, edges, codes } = this.#sources;
    const openFloor = edges.rising(Math.max(from, timing.channelReady(codes.open)));
    const closeFloor = Math.max(from, timing.channelReady(codes.close));
    const opens = this.#opens;
    const closes = this.#closes;
    if (!opens.holdsFrom(openFloor)) this.#searchOpens(openFloor);
    // Which edge takes a close depends on the bank.
    if (edges.halfClocks && closes.time < closeFloor) closes.stale = true;
    if (!closes.holdsFrom(closeFloor)) this.#searchCloses(closes, closeFloor);
    const first =
      closes.time < opens.time || (closes.time === opens.time && closes.order < opens.order) ? closes : opens;
    this.slot = first.slot;
    this.time = first.time;
  }

  /** Chooses among all requests accepted before number `before`. */
  chooseBefore(from: number, before: number): void {
    const { timing, edges, codes } = this.#sources;
    const floorOf = (command: number): number => Math.max(from, timing.channelReady(command));
    const plan = this.#older;
    const { hit, other } = this.#queue;
    this.slot = -1;
    this.time = NEVER;
    this.#before = before;
    this.#search(plan, this.#access, edges.rising(floorOf(this.#access)), hit);
    this.#consider(plan);
    this.#search(plan, codes.open, edges.rising(floorOf(codes.open)), other);
    this.#consider(plan);
    this.#searchCloses(plan, floorOf(codes.close));
    this.#consider(plan);
    this.#before = NEVER;
  }

  #consider({ slot, time, order }: Plan): void {
    if (slot < 0 || time > this.time) return;
    if (time === this.time && order > this.#sources.pool.order[this.slot]!) return;
    this.slot = slot;
    this.time = time;
  }

  #searchHits(floor: number): void {
    this.#search(this.#hits, this.#access, floor, this.#queue.hit);
  }

  #searchOpens(floor: number): void {
    this.#search(this.#opens, this.#sources.codes.open, floor, this.#queue.other);
  }

  /** Finds the first of the hits or of the opens; `slots` has the request of each bank. */
  #search(plan: Plan, command: number, floor: number, slots: Int32Array): void {
    const queue = this.#queue;
    const forHits = slots === queue.hit;
    const banks = forHits ? queue.hitBanks : queue.closedBanks;
    const count = forHits ? queue.hitCount : queue.closedCount;
    if (count === 0) {
      plan.set(-1, NEVER, NEVER, NEVER);
      return;
    }
    const { timing, pool, edges } = this.#sources;
    const { ready, epoch, waitCell, waitShift } = timing;
    const at = command * 4;
    const cell0 = waitCell[at]!;
    const cell1 = waitCell[at + 1]!;
    const cell2 = waitCell[at + 2]!;
    const cell3 = waitCell[at + 3]!;
    const shift0 = waitShift[at]!;
    const shift1 = waitShift[at + 1]!;
    const shift2 = waitShift[at + 2]!;
    const shift3 = waitShift[at + 3]!;
    const { order } = pool;
    const before = this.#before;
    const limited = before !== NEVER;
    // Times are counted from the epoch, which is even.
    const halfClock = edges.halfClocks ? 1 : 0;
    const least = (floor - epoch) | 0;
    let best = -1;
    let bestTime = LARGEST;
    let bestOrder = NEVER;
    let second = LARGEST;
    for (let i = 0; i < count; i++) {
      const bank = banks[i]!;
      if (limited && order[slots[bank]!]! >= before) continue;
      let time = later(least, ready[cell0 + (bank >> shift0)]!);
      time = later(time, ready[cell1 + (bank >> shift1)]!);
      time = later(time, ready[cell2 + (bank >> shift2)]!);
      time = later(time, ready[cell3 + (bank >> shift3)]!) | halfClock;
      if (time > bestTime) {
        if (time < second) second = time;
        continue;
      }
      const slot = slots[bank]!;
      const age = order[slot]!;
      if (time < bestTime) second = bestTime;
      else if (age > bestOrder) continue;
      best = slot;
      bestTime = time;
      bestOrder = age;
    }
    plan.set(best, absolute(epoch, bestTime), bestOrder, absolute(epoch, second));
  }

  #searchCloses(plan: Plan, floor: number): void {
    const { timing, pool, edges, codes, activeIn, skipsHeld, rowHitFirst } = this.#sources;
    const { other, conflictBanks, conflictCount } = this.#queue;
    if (conflictCount === 0) {
      plan.set(-1, NEVER, NEVER, NEVER);
      return;
    }
    const { ready, epoch, waitCell, waitShift } = timing;
    const at = codes.close * 4;
    const cell0 = waitCell[at]!;
    const cell1 = waitCell[at + 1]!;
    const cell2 = waitCell[at + 2]!;
    const cell3 = waitCell[at + 3]!;
    const shift0 = waitShift[at]!;
    const shift1 = waitShift[at + 1]!;
    const shift2 = waitShift[at + 2]!;
    const shift3 = waitShift[at + 3]!;
    const { order } = pool;
    const before = this.#before;
    const limited = before !== NEVER;
    const filtered = rowHitFirst || (skipsHeld && this.anyActive);
    const { halfClocks } = edges;
    const least = (floor - epoch) | 0;
    let best = -1;
    let bestTime = LARGEST;
    let bestOrder = NEVER;
    let second = LARGEST;
    for (let i = 0; i < conflictCount; i++) {
      const bank = conflictBanks[i]!;
      if (limited && order[other[bank]!]! >= before) continue;
      if (filtered && (activeIn[bank]! > 0 || rowHitFirst) && !this.#mayClose(bank)) continue;
      let time = later(least, ready[cell0 + (bank >> shift0)]!);
      time = later(time, ready[cell1 + (bank >> shift1)]!);
      time = later(time, ready[cell2 + (bank >> shift2)]!);
      time = later(time, ready[cell3 + (bank >> shift3)]!);
      if (halfClocks) time = (edges.closing(epoch + time, bank, false) - epoch) | 0;
      if (time > bestTime) {
        if (time < second) second = time;
        continue;
      }
      const slot = other[bank]!;
      const age = order[slot]!;
      if (time < bestTime) second = bestTime;
      else if (age > bestOrder) continue;
      best = slot;
      bestTime = time;
      bestOrder = age;
    }
    plan.set(best, absolute(epoch, bestTime), bestOrder, absolute(epoch, second));
  }

  #mayClose(bank: number): boolean {
    const { skipsHeld, rowHitFirst, activeIn, pool } = this.#sources;
    if (skipsHeld && this.anyActive && activeIn[bank]! > 0) return false;
    if (!rowHitFirst) return true;
    const { hit, other } = this.#queue;
    return hit[bank]! < 0 || pool.arrive[hit[bank]!]! > pool.arrive[other[bank]!]!;
  }

  #addHit(slot: number, bank: number, from: number): void {
    this.#hits.add(slot, this.#hitTime(bank, from), this.#sources.pool.order[slot]!);
  }

  #hitTime(bank: number, from: number): number {
    const { timing, edges } = this.#sources;
    return edges.rising(Math.max(from, timing.earliest(this.#access, bank)));
  }

  #openTime(bank: number, from: number): number {
    const { timing, edges, codes } = this.#sources;
    return edges.rising(Math.max(from, timing.earliest(codes.open, bank)));
  }

  #closeTime(bank: number, from: number): number {
    const { timing, edges, codes } = this.#sources;
    return edges.closing(Math.max(from, timing.earliest(codes.close, bank)), bank, false);
  }
}
