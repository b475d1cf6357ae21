/**
 * What a buffer offers the scheduler: per class of command the request to issue first, kept up to date where a change
 * touches one bank and searched anew only where it touches many.
 */

import type { CommandSet } from "../command-set.ts";
import type { DeviceTiming } from "../timing/device-timing.ts";
import type { EdgePairing } from "../timing/edge-pairing.ts";
import { NEVER } from "../timing/ticks.ts";
import type { BankQueue } from "./bank-queue.ts";
import { LAST, Plan } from "./plan.ts";
import { BANK, ORDER, type RequestPool, YOUNGER } from "./request-pool.ts";

// Classes, as bits.
const HITS = 1;
const OPENS = 2;
const CLOSES = 4;

/** The later of two ticks from -2^30 to 2^30; see `DeviceTiming`. */
const later = (a: number, b: number): number => {
  const difference = (b - a) | 0;
  return (a + (difference & ~(difference >> 31))) | 0;
};

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
  request = -1;
  time: number = NEVER;
  /** Whether that choice, of all classes, still holds for ticks up to `time`. */
  settled = false;
  /** Whether any request is active; without one no close is held up. */
  anyActive = false;
  // When the first request is ready, were it to issue or not: a younger one counts only if it is ready before.
  #firstTime: number = NEVER;
  readonly #queue: BankQueue;
  readonly #pool: RequestPool;
  readonly #cells: Int32Array;
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
  #before = LAST;

  /** `access` is the command of the buffer's requests. */
  constructor(queue: BankQueue, access: number, sources: CandidateSources) {
    const { timing, codes } = sources;
    this.#queue = queue;
    this.#pool = sources.pool;
    this.#cells = sources.pool.cells;
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

  /** `request`, to `bank`, was added. `from` is the first tick in which it may be served. */
  added(request: number, bank: number, from: number): void {
    const queue = this.#queue;
    if (queue.size === 1) {
      // Nothing to compare with: the choice looks at it.
      this.invalidate();
      return;
    }
    if (this.#rowHitFirst) this.invalidateCloses();
    if (queue.hit(bank) === request) this.#newcomer(this.#hits, request, bank, this.#hitTime(bank, from));
    else if (queue.other(bank) === request) {
      if (this.#openRow[bank]! < 0) this.#newcomer(this.#opens, request, bank, this.#openTime(bank, from));
      else if (this.#mayClose(bank)) this.#newcomer(this.#closes, request, bank, this.#closeTime(bank, from));
    }
  }

  #newcomer(plan: Plan, request: number, bank: number, time: number): void {
    plan.add(request, bank, time, this.#cells[request + ORDER]!);
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
    const cells = this.#cells;
    const hit = queue.hit(bank);
    if (hit >= 0 && !hits.stale) hits.add(hit, bank, this.#hitTime(bank, from), cells[hit + ORDER]!);
    const other = queue.other(bank);
    if (other < 0) return;
    if (this.#openRow[bank]! < 0) {
      if (!opens.stale) opens.add(other, bank, this.#openTime(bank, from), cells[other + ORDER]!);
    } else if (!closes.stale && this.#mayClose(bank)) {
      closes.add(other, bank, this.#closeTime(bank, from), cells[other + ORDER]!);
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
      const { request, time } = this;
      this.chooseHit(from);
      if (request >= 0 && time <= this.time) {
        const cells = this.#cells;
        if (time < this.time || cells[request + ORDER]! < cells[this.request + ORDER]!) {
          this.request = request;
          this.time = time;
        }
      }
    } else if (size === 1) this.#chooseOnly(from);
    else {
      this.request = -1;
      this.time = NEVER;
    }
    this.#firstTime = this.time;
    this.settled = true;
  }

  /** Chooses the only request there is. */
  #chooseOnly(from: number): void {
    this.invalidate();
    const queue = this.#queue;
    const request = queue.only;
    const bank = this.#cells[request + BANK]!;
    this.request = request;
    if (queue.hit(bank) === request) this.time = this.#hitTime(bank, from);
    else if (this.#openRow[bank]! < 0) this.time = this.#openTime(bank, from);
    else if (this.#mayClose(bank)) this.time = this.#closeTime(bank, from);
    else {
      this.request = -1;
      this.time = NEVER;
    }
  }

  /** Chooses among the accesses. */
  chooseHit(from: number): void {
    this.settled = false;
    const plan = this.#hits;
    const ring = this.#queue.hits;
    if (this.#cells[ring + YOUNGER] === ring) plan.clear();
    else {
      const floor = this.#edges.rising(later(from, this.#timing.channelReady(this.#access)));
      if (!plan.holdsFrom(floor)) this.#search(plan, this.#access, floor, ring);
    }
    this.request = plan.request;
    this.time = plan.time;
  }

  /** Chooses among the opens and closes. */
  chooseRow(from: number): void {
    this.settled = false;
    const cells = this.#cells;
    const edges = this.#edges;
    const timing = this.#timing;
    const queue = this.#queue;
    const opens = this.#opens;
    if (cells[queue.opens + YOUNGER] === queue.opens) opens.clear();
    else {
      const floor = edges.rising(later(from, timing.channelReady(this.#open)));
      if (!opens.holdsFrom(floor)) this.#search(opens, this.#open, floor, queue.opens);
    }
    const closes = this.#closes;
    if (cells[queue.closes + YOUNGER] === queue.closes) closes.clear();
    else {
      const floor = later(from, timing.channelReady(this.#close));
      // Which edge takes a close depends on the bank.
      if (edges.halfClocks && closes.time < floor) closes.stale = true;
      if (!closes.holdsFrom(floor)) this.#search(closes, this.#close, floor, queue.closes);
    }
    const first =
      closes.time < opens.time || (closes.time === opens.time && closes.order < opens.order) ? closes : opens;
    this.request = first.request;
    this.time = first.time;
  }

  /** Chooses among all requests accepted before number `before`. */
  chooseBefore(from: number, before: number): void {
    const timing = this.#timing;
    const edges = this.#edges;
    const { hits, opens, closes } = this.#queue;
    const floorOf = (command: number): number => later(from, timing.channelReady(command));
    this.request = -1;
    this.time = NEVER;
    this.#before = before;
    this.#consider(this.#access, edges.rising(floorOf(this.#access)), hits);
    this.#consider(this.#open, edges.rising(floorOf(this.#open)), opens);
    this.#consider(this.#close, floorOf(this.#close), closes);
    this.#before = LAST;
  }

  #consider(command: number, floor: number, ring: number): void {
    const plan = this.#older;
    this.#search(plan, command, floor, ring);
    const { request, time, order } = plan;
    if (request < 0 || time > this.time) return;
    if (time === this.time && order > this.#cells[this.request + ORDER]!) return;
    this.request = request;
    this.time = time;
  }

  /** Finds the first of a class, the requests of `ring` that wait for `command`, none of them before `floor`. */
  #search(plan: Plan, command: number, floor: number, ring: number): void {
    plan.clear();
    const requests = this.#cells;
    let request = requests[ring + YOUNGER]!;
    if (request === ring) return;
    const timing = this.#timing;
    const { cells } = timing;
    const at = timing.waits + (command << 3);
    const cell0 = cells[at]!;
    const shift0 = cells[at + 1]!;
    const cell1 = cells[at + 2]!;
    const shift1 = cells[at + 3]!;
    const cell2 = cells[at + 4]!;
    const shift2 = cells[at + 5]!;
    const levels = timing.waitLevels[command]!;
    const before = this.#before;
    const edges = this.#edges;
    const closes = command === this.#close;
    const filtered = closes && (this.#rowHitFirst || (this.#skipsHeld && this.anyActive));
    const rising = edges.halfClocks && !closes ? 1 : 0;
    const paired = edges.halfClocks && closes;
    const least = later(floor, timing.soonest(command)) | rising;
    let best = -1;
    let bestTime = NEVER;
    let rival = NEVER;
    // From the oldest on: of those ready at once the first is the choice, and none is ready before `least`.
    for (; request !== ring && bestTime > least; request = requests[request + YOUNGER]!) {
      if (requests[request + ORDER]! >= before) break;
      const bank = requests[request + BANK]!;
      if (filtered && !this.#mayClose(bank)) continue;
      let time = later(floor, cells[cell0 + (bank >> shift0)]!);
      if (levels > 1) {
        time = later(time, cells[cell1 + (bank >> shift1)]!);
        if (levels > 2) {
          time = later(time, cells[cell2 + (bank >> shift2)]!);
          if (levels > 3) time = later(time, cells[cells[at + 6]! + (bank >> cells[at + 7]!)]!);
        }
      }
      time |= rising;
      if (paired) time = edges.closing(time, bank, false);
      if (time >= bestTime) continue;
      // What was the first till now is older.
      rival = bestTime;
      best = request;
      bestTime = time;
    }
    if (best < 0) return;
    plan.request = best;
    plan.bank = requests[best + BANK]!;
    plan.time = bestTime;
    plan.order = requests[best + ORDER]!;
    plan.rival = rival;
  }

  #mayClose(bank: number): boolean {
    if (this.#skipsHeld && this.anyActive && this.#activeIn[bank]! > 0) return false;
    if (!this.#rowHitFirst) return true;
    const hit = this.#queue.hit(bank);
    if (hit < 0) return true;
    const { arrive } = this.#pool;
    return arrive[hit >> 4]! > arrive[this.#queue.other(bank) >> 4]!;
  }

  #hitTime(bank: number, from: number): number {
    return this.#edges.rising(later(from, this.#timing.earliest(this.#access, bank)));
  }

  #openTime(bank: number, from: number): number {
    return this.#edges.rising(later(from, this.#timing.earliest(this.#open, bank)));
  }

  #closeTime(bank: number, from: number): number {
    return this.#edges.closing(later(from, this.#timing.earliest(this.#close, bank)), bank, false);
  }
}
