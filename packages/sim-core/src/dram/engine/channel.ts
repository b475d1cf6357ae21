/**
 * What the controllers of all parts share: requests on their way in, and the choice among those that wait.
 */
import type { DramSpec } from "../spec/dram-spec.ts";
import {
  ABSORBED,
  type ControllerOptions,
  FORWARDED,
  type Offer,
  QUEUED,
  REFUSED,
  type Verdict,
} from "./channel-door.ts";
import { HeldChannel } from "./channel-hold.ts";
import { Candidates } from "./requests/candidates.ts";
import { OpenRequests } from "./requests/open-requests.ts";
import { EdgePairing } from "./timing/edge-pairing.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** Steps that the controllers of all parts share. */
export abstract class DramChannel extends HeldChannel {
  protected readonly edges: EdgePairing;
  /** The active request to issue first, -1 for none, and when; to be searched anew while stale. */
  protected activeSlot = -1;
  protected activeTime: number = NEVER;
  protected activeStale = true;
  readonly #readCandidates: Candidates;
  readonly #writeCandidates: Candidates;
  // Whether the number of active requests has been told to the candidates as above zero.
  #anyActive = false;
  #accepted = 0;
  readonly #activeQueue: OpenRequests;
  // Whether the row of an active request stays open for it.
  readonly #rowsStay: boolean;
  // Whether opening or closing a row leaves the times of active requests in other banks as they are.
  readonly #openKeepsActive: boolean;
  readonly #closeKeepsActive: boolean;

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    super(spec, index, options);
    this.edges = new EdgePairing(spec.ticksPerClock === 2, this.timing.banksBelow(1));
    const sources = {
      timing: this.timing,
      codes: this.codes,
      pool: this.pool,
      openRow: this.openRow,
      activeIn: this.activeIn,
      edges: this.edges,
      skipsHeld: !options.quirks.blockedCloseHolds,
      rowHitFirst: options.scheduler === "frfcfs-row-hit",
    };
    this.#activeQueue = new OpenRequests(sources);
    this.#readCandidates = new Candidates(this.reads, this.codes.read, sources);
    this.#writeCandidates = new Candidates(this.writes, this.codes.write, sources);
    this.#rowsStay = options.rowPolicy === "open";
    const { open, close, read, write } = this.codes;
    const keeps = (command: number): boolean =>
      this.#rowsStay && !this.timing.reachesOthers(command, read) && !this.timing.reachesOthers(command, write);
    this.#openKeepsActive = keeps(open);
    this.#closeKeepsActive = keeps(close);
  }

  /** A request was put into a buffer: brings `next` up to date. */
  protected queued(slot: number): void {
    if (this.maintenance.size > 0 || this.held) return;
    const from = this.clk + 1;
    // Where it is alone the next tick shows whether there is a shorter way than to plan.
    if (this.modeChanges || this.alone) this.next = Math.min(this.next, from);
    else if ((this.pool.write[slot] === 1) === this.writing && !this.candidates.settled) {
      this.next = Math.min(this.next, Math.max(from, this.planNext(from)));
    }
  }

  /** Whether a request would find room now. */
  hasRoom(write: boolean): boolean {
    return (write ? this.writes : this.reads).size < this.capacity;
  }

  /** Offers a request after tick `clk`. */
  offer(offer: Offer): Verdict {
    const { counters } = this;
    const { write } = offer;
    if (this.options.quirks.countRefusals) {
      if (write) counters.writeRequests += 1;
      else counters.readRequests += 1;
    }
    if (this.#inWrites(offer)) {
      if (!write) return this.#forward(offer);
      if (this.spec.profile === "r21") return this.#absorb(offer);
    }
    if (!this.hasRoom(write)) return REFUSED;
    this.#count(write);
    this.#enqueue(offer);
    return QUEUED;
  }

  /** Counts attempts to offer a request that were refused and not carried out. */
  countRefusals(write: boolean, attempts: number): void {
    if (!this.options.quirks.countRefusals) return;
    if (write) this.counters.writeRequests += attempts;
    else this.counters.readRequests += attempts;
  }

  #inWrites({ address, bank, row, column }: Offer): boolean {
    if (this.writes.size === 0) return false;
    return this.options.addressed ? this.writes.holds(address, bank, row, column) : true;
  }

  #count(write: boolean): void {
    const { counters } = this;
    if (write) counters.acceptedWrites += 1;
    else counters.acceptedReads += 1;
    if (this.options.quirks.countRefusals) return;
    if (write) counters.writeRequests += 1;
    else counters.readRequests += 1;
  }

  #enqueue({ address, bank, row, column, write, ticket }: Offer): void {
    const { pool, clk } = this;
    if (this.idle) {
      this.maintenanceStreak = 0;
      this.losses.requestsFrom(clk);
    }
    const slot = pool.take();
    pool.address[slot] = address;
    pool.bank[slot] = bank;
    pool.row[slot] = row;
    pool.column[slot] = column;
    pool.write[slot] = write ? 1 : 0;
    pool.arrive[slot] = clk;
    pool.order[slot] = this.#accepted++;
    pool.ticket[slot] = ticket;
    (write ? this.writes : this.reads).push(slot, clk);
    (write ? this.#writeCandidates : this.#readCandidates).added(slot, bank, clk + 1);
    this.queued(slot);
  }

  #forward({ ticket }: Offer): Verdict {
    const { clk } = this;
    this.#count(false);
    this.counters.forwarded += 1;
    this.counters.readLatency += 1;
    const retire = this.pending.push(clk, clk + 1, this.options.quirks.forwardedArriveEarly ? clk + 2 : 1);
    this.completionObserver?.readDone(ticket, clk + 1, retire);
    return FORWARDED;
  }

  #absorb({ ticket }: Offer): Verdict {
    this.#count(true);
    this.counters.coalesced += 1;
    this.completionObserver?.writeDone(ticket, this.clk + 1);
    return ABSORBED;
  }

  /** The candidates of the buffer that is served. */
  protected get candidates(): Candidates {
    return this.writing ? this.#writeCandidates : this.#readCandidates;
  }

  /** `command` was issued for `slot`; the state of its bank and its requests are up to date, and `from` is the first tick to act in. */
  protected changed(command: number, slot: number, from: number): void {
    const bank = this.pool.bank[slot]!;
    this.#tellActive();
    const { open, close } = this.codes;
    // Active requests are in banks whose row is open for them: a close is not for one of these.
    if (command === open && this.#openKeepsActive) this.#planOpened(slot, from);
    else if (command !== close || !this.#closeKeepsActive) this.activeStale = true;
    // Those of the other buffer are searched anew when their turn comes.
    this.candidates.issued(command, bank, from);
    (this.writing ? this.#readCandidates : this.#writeCandidates).invalidate();
  }

  protected override changedAll(): void {
    this.#tellActive();
    this.activeStale = true;
    this.#readCandidates.invalidate();
    this.#writeCandidates.invalidate();
  }

  protected changedCloses(): void {
    this.#readCandidates.invalidateCloses();
    this.#writeCandidates.invalidateCloses();
  }

  /** Some closes may not go with the clock edge `edge`; with `released`, others may go with one that was not for them. */
  protected paired(edge: number, released: boolean): void {
    if (released) this.changedCloses();
    else this.candidates.paired(edge);
  }

  #tellActive(): void {
    const any = this.activeCount > 0;
    if (any === this.#anyActive) return;
    this.#anyActive = any;
    this.#readCandidates.anyActive = any;
    this.#writeCandidates.anyActive = any;
    // Counters of active requests may have run off only where rows are closed under them.
    if (this.options.rowPolicy === "closed") this.changedCloses();
  }

  /** The command that `slot` needs next. */
  protected needs(slot: number): number {
    const open = this.openRow[this.pool.bank[slot]!]!;
    if (open < 0) return this.codes.open;
    if (open !== this.pool.row[slot]) return this.codes.close;
    return this.pool.write[slot] === 1 ? this.codes.write : this.codes.read;
  }

  protected setRow(bank: number, row: number): void {
    this.openRow[bank] = row;
    if (this.reads.size > 0) this.reads.rowChanged(bank);
    if (this.writes.size > 0) this.writes.rowChanged(bank);
  }

  /** Brings `activeSlot` and `activeTime` up to date for issue in tick `from` at the earliest. */
  protected planActive(from: number): void {
    if (!this.activeStale && this.activeTime >= from) return;
    this.activeStale = false;
    if (this.activeCount === 0) {
      this.activeSlot = -1;
      this.activeTime = NEVER;
      return;
    }
    if (this.#rowsStay) {
      this.activeSlot = this.#activeQueue.choose(from, this.active, this.activeCount);
      this.activeTime = this.#activeQueue.time;
    } else this.#planAny(from);
  }

  /** The same where rows are closed under active requests, which need other commands than accesses then. */
  #planAny(from: number): void {
    const { active, timing, pool, edges } = this;
    let best = -1;
    let bestTime = NEVER;
    // From the oldest on: of those ready at once the first is the choice.
    for (let i = 0; i < this.activeCount && bestTime > from; i++) {
      const slot = active[i]!;
      const command = this.needs(slot);
      if (!this.mayServeActive(slot, command)) continue;
      const time = edges.rising(Math.max(from, timing.earliest(command, pool.bank[slot]!)));
      if (time >= bestTime) continue;
      best = slot;
      bestTime = time;
    }
    this.activeSlot = best;
    this.activeTime = bestTime;
  }

  /** Takes up that a row was opened for `slot`, and that it is active now if there was room: the only one of its bank. */
  #planOpened(slot: number, from: number): void {
    const { pool } = this;
    if (this.activeStale || pool.active[slot] === 0) return;
    const time = this.edges.rising(Math.max(from, this.timing.earliest(this.needs(slot), pool.bank[slot]!)));
    if (time > this.activeTime) return;
    if (time === this.activeTime && pool.arrive[slot]! >= pool.arrive[this.activeSlot]!) return;
    this.activeSlot = slot;
    this.activeTime = time;
  }

  /** Adds `slot` to the active requests: behind those that are older or as old. */
  protected addActive(slot: number): void {
    const { active } = this;
    const { arrive } = this.pool;
    let place = this.activeCount;
    for (; place > 0 && arrive[active[place - 1]!]! > arrive[slot]!; place--) active[place] = active[place - 1]!;
    active[place] = slot;
    this.activeCount += 1;
    this.pool.active[slot] = 1;
  }

  /** Whether the controller may issue `command` for an active request. */
  protected mayServeActive(_slot: number, _command: number): boolean {
    return true;
  }

  /** Takes `slot` out of the active requests; tells whether it was one. */
  protected removeActive(slot: number): boolean {
    if (this.pool.active[slot] === 0) return false;
    this.pool.active[slot] = 0;
    const { active, activeCount } = this;
    let place = 0;
    while (active[place] !== slot) place += 1;
    for (let i = place + 1; i < activeCount; i++) active[i - 1] = active[i]!;
    this.activeCount = activeCount - 1;
    return true;
  }

  protected closeBelow(level: number, bank: number): void {
    const inside = this.timing.banksBelow(level);
    const first = bank - (bank % inside);
    for (let below = first; below < first + inside; below++) if (this.openRow[below]! >= 0) this.setRow(below, -1);
  }
}
