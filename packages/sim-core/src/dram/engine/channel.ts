/**
 * What the controllers of all parts share: requests on their way in, and the choice among those that wait.
 *
 * How a channel lies in memory, and what always holds between two ticks:
 * - `pool.cells`: a record of 16 cells per request (requests/request-pool.ts). A request is in its buffer, a `BankQueue`, or
 *   it is active, its row open for it, or its record is free.
 * - A buffer keeps a list per bank by age, and three rings by age with at most one request of each bank: the oldest to
 *   the open row in `hits`; the oldest to another row in `opens` where the bank is closed, in `closes` where it is not.
 *   No scheduler ever looks at any other request of the buffer.
 * - `timing.cells`: the first tick for each command at each node of the device, then the rows that issuing goes through.
 * - Plans remember the first of a ring and how long that holds; an issued command makes stale those that it may put off.
 * - Ticks are 32 bits from `timing.epoch`; counters and whatever the world sees are absolute. `moveEpoch` of each layer of
 *   this class brings up to date what it knows in ticks from the epoch.
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
import { ACTIVE, BANK, COLUMN, ROW, WRITE } from "./requests/request-pool.ts";
import { EdgePairing } from "./timing/edge-pairing.ts";
import { NEVER } from "./timing/ticks.ts";

/** Steps that the controllers of all parts share. */
export abstract class DramChannel extends HeldChannel {
  protected readonly edges: EdgePairing;
  /** The active request to issue first, -1 for none, and when; to be searched anew while stale. */
  protected activeRequest = -1;
  protected activeTime: number = NEVER;
  protected activeStale = true;
  readonly #readCandidates: Candidates;
  readonly #writeCandidates: Candidates;
  // Whether the number of active requests has been told to the candidates as above zero.
  #anyActive = false;
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

  protected override moveEpoch(distance: number): number {
    const moved = super.moveEpoch(distance);
    this.edges.epochMoved(moved);
    this.changedAll();
    return moved;
  }

  /** `request` was put into a buffer: brings `due` up to date. */
  protected queued(request: number): void {
    if (this.maintenance.size > 0 || this.held) return;
    const from = this.now + 1;
    // Where it is alone the next tick shows whether there is a shorter way than to plan.
    if (this.modeChanges || this.alone) this.due = Math.min(this.due, from);
    else if ((this.cells[request + WRITE] === 1) === this.writing && !this.candidates.settled) {
      this.due = Math.min(this.due, Math.max(from, this.planNext(from)));
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
    const { pool, cells, clk } = this;
    if (this.idle) {
      this.maintenanceStreak = 0;
      this.losses.requestsFrom(clk);
    }
    const request = pool.take();
    cells[request + BANK] = bank;
    cells[request + ROW] = row;
    cells[request + COLUMN] = column;
    cells[request + WRITE] = write ? 1 : 0;
    pool.address[request >> 4] = address;
    pool.arrive[request >> 4] = clk;
    pool.ticket[request >> 4] = ticket;
    (write ? this.writes : this.reads).push(request, clk);
    (write ? this.#writeCandidates : this.#readCandidates).added(request, bank, this.now + 1);
    this.queued(request);
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

  /** `command` was issued for `request`; its bank and its buffer are up to date, and `from` is the first tick to act in. */
  protected changed(command: number, request: number, from: number): void {
    const bank = this.cells[request + BANK]!;
    this.#tellActive();
    const { open, close } = this.codes;
    // Active requests are in banks whose row is open for them: a close is not for one of these.
    if (command === open && this.#openKeepsActive) this.#planOpened(request, from);
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

  /** The command that `request` needs next. */
  protected needs(request: number): number {
    const { cells } = this;
    const open = this.openRow[cells[request + BANK]!]!;
    if (open < 0) return this.codes.open;
    if (open !== cells[request + ROW]) return this.codes.close;
    return cells[request + WRITE] === 1 ? this.codes.write : this.codes.read;
  }

  protected setRow(bank: number, row: number): void {
    this.openRow[bank] = row;
    if (this.reads.size > 0) this.reads.rowChanged(bank);
    if (this.writes.size > 0) this.writes.rowChanged(bank);
  }

  /** Brings `activeRequest` and `activeTime` up to date for issue in tick `from` at the earliest. */
  protected planActive(from: number): void {
    if (!this.activeStale && this.activeTime >= from) return;
    this.activeStale = false;
    if (this.activeCount === 0) {
      this.activeRequest = -1;
      this.activeTime = NEVER;
      return;
    }
    if (this.#rowsStay) {
      this.activeRequest = this.#activeQueue.choose(from, this.active, this.activeCount);
      this.activeTime = this.#activeQueue.time;
    } else this.#planAny(from);
  }

  /** The same where rows are closed under active requests, which need other commands than accesses then. */
  #planAny(from: number): void {
    const { active, timing, cells, edges } = this;
    let best = -1;
    let bestTime = NEVER;
    // From the oldest on: of those ready at once the first is the choice.
    for (let i = 0; i < this.activeCount && bestTime > from; i++) {
      const request = active[i]!;
      const command = this.needs(request);
      if (!this.mayServeActive(request, command)) continue;
      const time = edges.rising(Math.max(from, timing.earliest(command, cells[request + BANK]!)));
      if (time >= bestTime) continue;
      best = request;
      bestTime = time;
    }
    this.activeRequest = best;
    this.activeTime = bestTime;
  }

  /** Takes up that a row was opened for `request`, and that it is active now if there was room: the only one of its bank. */
  #planOpened(request: number, from: number): void {
    const { cells } = this;
    if (this.activeStale || cells[request + ACTIVE] === 0) return;
    const access = cells[request + WRITE] === 1 ? this.codes.write : this.codes.read;
    const time = this.edges.rising(Math.max(from, this.timing.earliest(access, cells[request + BANK]!)));
    if (time > this.activeTime) return;
    const { arrive } = this.pool;
    if (time === this.activeTime && arrive[request >> 4]! >= arrive[this.activeRequest >> 4]!) return;
    this.activeRequest = request;
    this.activeTime = time;
  }

  /** Adds `request` to the active ones: behind those that are older or as old. */
  protected addActive(request: number): void {
    const { active } = this;
    const { arrive } = this.pool;
    const own = arrive[request >> 4]!;
    let place = this.activeCount;
    for (; place > 0 && arrive[active[place - 1]! >> 4]! > own; place--) active[place] = active[place - 1]!;
    active[place] = request;
    this.activeCount += 1;
    this.cells[request + ACTIVE] = 1;
  }

  /** Whether the controller may issue `command` for an active request. */
  protected mayServeActive(_request: number, _command: number): boolean {
    return true;
  }

  /** Takes `request` out of the active ones; tells whether it was one. */
  protected removeActive(request: number): boolean {
    if (this.cells[request + ACTIVE] === 0) return false;
    this.cells[request + ACTIVE] = 0;
    const { active, activeCount } = this;
    let place = 0;
    while (active[place] !== request) place += 1;
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
