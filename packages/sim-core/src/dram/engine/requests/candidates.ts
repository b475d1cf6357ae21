/**
 * What a buffer offers the scheduler: per class of command the request to issue first, kept up to date where a change
 * touches one bank and searched anew only where it touches many.
 */

import type { CommandSet } from "../command-set.ts";
import type { DeviceTiming } from "../timing/device-timing.ts";
import type { EdgePairing } from "../timing/edge-pairing.ts";
import type { AgedList } from "./aged-list.ts";
import type { BankQueue } from "./bank-queue.ts";
import { Plan } from "./plan.ts";
import type { RequestPool } from "./request-pool.ts";

const NEVER = Number.POSITIVE_INFINITY;
/** Beyond every tick counted from an epoch. */
const LARGEST = 2 ** 31 - 1;
// Classes, as bits.
const HITS = 1;
const OPENS = 2;
const CLOSES = 4;

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
  /** Whether any request is active; without one no close is held up. */
  anyActive = false;
  // When the first request is ready, were it to issue or not: a younger one counts only if it is ready before.
  #firstTime: number = NEVER;
  readonly #queue: BankQueue;
  readonly #pool: RequestPool;
  readonly #timing: DeviceTiming;
  readonly #edges: EdgePairing;
  readonly #openRow: Int32Array;
  readonly #activeIn: Int32Array;
  readonly #skipsHeld: boolean;
  readonly #rowHitFirst: boolean;
  readonly #access: number;
  readonly #open: number;
  readonly #close: number;
  // Per command, the classes that issuing it may put off in other banks.
  readonly #putsOff: Uint8Array;
  readonly #hits = new Plan();
  readonly #opens = new Plan();
  readonly #closes = new Plan();
  // For a choice among older requests only: the first of a class, and the number that they are below.
  readonly #older = new Plan();
  #before: number = NEVER;

  /** `access` is the command of the buffer's requests. */
  constructor(queue: BankQueue, access: number, sources: CandidateSources) {
    const { timing, codes } = sources;
    this.#queue = queue;
    this.#pool = sources.pool;
    this.#timing = timing;
    this.#edges = sources.edges;
    this.#openRow = sources.openRow;
    this.#activeIn = sources.activeIn;
    this.#skipsHeld = sources.skipsHeld;
    this.#rowHitFirst = sources.rowHitFirst;
    this.#access = access;
    this.#open = codes.open;
    this.#close = codes.close;
    this.#putsOff = Uint8Array.from(codes.used, (_, command) => {
      const bit = (other: number, one: number): number => (timing.spreads(command, other) ? one : 0);
      return bit(access, HITS) | bit(codes.open, OPENS) | bit(codes.close, CLOSES);
    });
  }

  /** A request to `bank` was added. `from` is the first tick in which it may be served. */
  added(slot: number, bank: number, from: number): void {
    const { hit, other, size } = this.#queue;
    if (size === 1) {
      // Nothing to compare with: the choice looks at it.
      this.invalidate();
      return;
    }
    if (this.#rowHitFirst) this.invalidateCloses();
    if (hit[bank] === slot) this.#newcomer(this.#hits, slot, this.#hitTime(bank, from));
    else if (other[bank] === slot) {
      if (this.#openRow[bank]! < 0) this.#newcomer(this.#opens, slot, this.#openTime(bank, from));
      else if (this.#mayClose(bank)) this.#newcomer(this.#closes, slot, this.#closeTime(bank, from));
    }
  }

  #newcomer(plan: Plan, slot: number, time: number): void {
    plan.add(slot, this.#pool.bank[slot]!, time, this.#pool.order[slot]!);
    if (time < this.#firstTime) this.settled = false;
  }

  /** `command` was issued to `bank`, whose state and requests may have changed. */
  issued(command: number, bank: number, from: number): void {
    const queue = this.#queue;
    if (queue.size === 0) {
      this.invalidate();
      return;
    }
    this.settled = false;
    const putsOff = this.#putsOff[command]!;
    const hits = this.#hits;
    const opens = this.#opens;
    const closes = this.#closes;
    if ((putsOff & HITS) !== 0 || hits.bank === bank) hits.stale = true;
    if ((putsOff & OPENS) !== 0 || opens.bank === bank) opens.stale = true;
    if ((putsOff & CLOSES) !== 0 || closes.bank === bank) closes.stale = true;
    const { order } = this.#pool;
    const hit = queue.hit[bank]!;
    if (hit >= 0 && !hits.stale) hits.add(hit, bank, this.#hitTime(bank, from), order[hit]!);
    const other = queue.other[bank]!;
    if (other < 0) return;
    if (this.#openRow[bank]! < 0) {
      if (!opens.stale) opens.add(other, bank, this.#openTime(bank, from), order[other]!);
    } else if (!closes.stale && this.#mayClose(bank)) {
      closes.add(other, bank, this.#closeTime(bank, from), order[other]!);
    }
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
    const { size } = this.#queue;
    if (size > 1) {
      this.chooseRow(from);
      const { slot, time } = this;
      this.chooseHit(from);
      if (slot >= 0 && time <= this.time) {
        const { order } = this.#pool;
        if (time < this.time || order[slot]! < order[this.slot]!) {
          this.slot = slot;
          this.time = time;
        }
      }
    } else if (size === 1) this.#chooseOnly(from);
    else {
      this.slot = -1;
      this.time = NEVER;
    }
    this.#firstTime = this.time;
    this.settled = true;
  }

  /** Chooses the only request there is. */
  #chooseOnly(from: number): void {
    this.invalidate();
    const { hits, opens, closes } = this.#queue;
    const { bank } = this.#pool;
    if (hits.count === 1) {
      this.slot = hits.slots[0]!;
      this.time = this.#hitTime(bank[this.slot]!, from);
    } else if (opens.count === 1) {
      this.slot = opens.slots[0]!;
      this.time = this.#openTime(bank[this.slot]!, from);
    } else {
      const slot = closes.slots[0]!;
      const may = this.#mayClose(bank[slot]!);
      this.slot = may ? slot : -1;
      this.time = may ? this.#closeTime(bank[slot]!, from) : NEVER;
    }
  }

  /** Chooses among the accesses. */
  chooseHit(from: number): void {
    this.settled = false;
    const plan = this.#hits;
    const { hits } = this.#queue;
    if (hits.count === 0) plan.clear();
    else {
      const floor = this.#edges.rising(Math.max(from, this.#timing.channelReady(this.#access)));
      if (!plan.holdsFrom(floor)) this.#search(plan, this.#access, floor, hits);
    }
    this.slot = plan.slot;
    this.time = plan.time;
  }

  /** Chooses among the opens and closes. */
  chooseRow(from: number): void {
    this.settled = false;
    const edges = this.#edges;
    const timing = this.#timing;
    const opens = this.#opens;
    if (this.#queue.opens.count === 0) opens.clear();
    else {
      const floor = edges.rising(Math.max(from, timing.channelReady(this.#open)));
      if (!opens.holdsFrom(floor)) this.#search(opens, this.#open, floor, this.#queue.opens);
    }
    const closes = this.#closes;
    if (this.#queue.closes.count === 0) closes.clear();
    else {
      const floor = Math.max(from, timing.channelReady(this.#close));
      // Which edge takes a close depends on the bank.
      if (edges.halfClocks && closes.time < floor) closes.stale = true;
      if (!closes.holdsFrom(floor)) this.#search(closes, this.#close, floor, this.#queue.closes);
    }
    const first =
      closes.time < opens.time || (closes.time === opens.time && closes.order < opens.order) ? closes : opens;
    this.slot = first.slot;
    this.time = first.time;
  }

  /** Chooses among all requests accepted before number `before`. */
  chooseBefore(from: number, before: number): void {
    const timing = this.#timing;
    const edges = this.#edges;
    const { hits, opens, closes } = this.#queue;
    const floorOf = (command: number): number => Math.max(from, timing.channelReady(command));
    this.slot = -1;
    this.time = NEVER;
    this.#before = before;
    this.#consider(this.#access, edges.rising(floorOf(this.#access)), hits);
    this.#consider(this.#open, edges.rising(floorOf(this.#open)), opens);
    this.#consider(this.#close, floorOf(this.#close), closes);
    this.#before = NEVER;
  }

  #consider(command: number, floor: number, list: AgedList): void {
    const plan = this.#older;
    this.#search(plan, command, floor, list);
    const { slot, time, order } = plan;
    if (slot < 0 || time > this.time) return;
    if (time === this.time && order > this.#pool.order[this.slot]!) return;
    this.slot = slot;
    this.time = time;
  }

  /** Finds the first of a class, the requests of `list` that wait for `command`. */
  #search(plan: Plan, command: number, floor: number, list: AgedList): void {
    const { slots, count } = list;
    plan.clear();
    if (count === 0) return;
    const { bank: banks, order } = this.#pool;
    const before = this.#before;
    const edges = this.#edges;
    const { ready, epoch, waitCell, waitShift, waitLevels } = this.#timing;
    const at = command * 4;
    const cell0 = waitCell[at]!;
    const cell1 = waitCell[at + 1]!;
    const cell2 = waitCell[at + 2]!;
    const cell3 = waitCell[at + 3]!;
    const shift0 = waitShift[at]!;
    const shift1 = waitShift[at + 1]!;
    const shift2 = waitShift[at + 2]!;
    const shift3 = waitShift[at + 3]!;
    const levels = waitLevels[command]!;
    const closes = command === this.#close;
    const filtered = closes && (this.#rowHitFirst || (this.#skipsHeld && this.anyActive));
    const { halfClocks } = edges;
    // Times are counted from the epoch, which is even.
    const rising = halfClocks && !closes ? 1 : 0;
    const paired = halfClocks && closes;
    const start = (floor - epoch) | 0;
    const least = later(start, this.#timing.soonest(command)) | rising;
    let best = -1;
    let bestTime = LARGEST;
    let rival = LARGEST;
    // From the oldest on: of those ready at once the first is the choice, and none is ready before `least`.
    for (let i = 0; i < count && bestTime > least; i++) {
      const slot = slots[i]!;
      if (order[slot]! >= before) break;
      const bank = banks[slot]!;
      if (filtered && !this.#mayClose(bank)) continue;
      let time = later(start, ready[cell0 + (bank >> shift0)]!);
      if (levels > 1) {
        time = later(time, ready[cell1 + (bank >> shift1)]!);
        if (levels > 2) {
          time = later(time, ready[cell2 + (bank >> shift2)]!);
          if (levels > 3) time = later(time, ready[cell3 + (bank >> shift3)]!);
        }
      }
      time |= rising;
      if (paired) time = (edges.closing(epoch + time, bank, false) - epoch) | 0;
      if (time >= bestTime) continue;
      // What was the first till now is older.
      rival = bestTime;
      best = slot;
      bestTime = time;
    }
    if (best < 0) return;
    plan.slot = best;
    plan.bank = banks[best]!;
    plan.time = epoch + bestTime;
    plan.order = order[best]!;
    plan.rival = absolute(epoch, rival);
  }

  #mayClose(bank: number): boolean {
    if (this.#skipsHeld && this.anyActive && this.#activeIn[bank]! > 0) return false;
    if (!this.#rowHitFirst) return true;
    const { hit, other } = this.#queue;
    const { arrive } = this.#pool;
    return hit[bank]! < 0 || arrive[hit[bank]!]! > arrive[other[bank]!]!;
  }

  #hitTime(bank: number, from: number): number {
    return this.#edges.rising(Math.max(from, this.#timing.earliest(this.#access, bank)));
  }

  #openTime(bank: number, from: number): number {
    return this.#edges.rising(Math.max(from, this.#timing.earliest(this.#open, bank)));
  }

  #closeTime(bank: number, from: number): number {
    return this.#edges.closing(Math.max(from, this.#timing.earliest(this.#close, bank)), bank, false);
  }
}
