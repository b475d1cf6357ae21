/**
 * What the controllers of all parts share: requests on their way in, and the choice among those that wait.
 */
import type { DramSpec } from "../spec/dram-spec.ts";
import { Candidates } from "./candidates.ts";
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
import { EdgePairing } from "./edge-pairing.ts";

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
  // Fewest ticks from the opening of a row to an access there; none where requests lose their rows.
  readonly #openToAccess: number;

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
    this.#readCandidates = new Candidates(this.reads, this.codes.read, sources);
    this.#writeCandidates = new Candidates(this.writes, this.codes.write, sources);
    const { open, read, write } = this.codes;
    const waits = [this.timing.ownLatency(open, read), this.timing.ownLatency(open, write)];
    this.#openToAccess = options.rowPolicy === "closed" ? Number.NEGATIVE_INFINITY : Math.min(...waits);
  }

  /** A request was put into a buffer: brings `next` up to date. */
  protected queued(slot: number): void {
    if (this.maintenance.size > 0 || this.held) return;
    const from = this.clk + 1;
    if (this.modeChanges) this.next = Math.min(this.next, from);
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

  #inWrites({ address, bank }: Offer): boolean {
    if (this.writes.size === 0) return false;
    return this.options.addressed ? this.writes.holds(address, bank) : true;
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

  /** `command` was issued to `bank`; its state and its requests are up to date, and `from` is the first tick to act in. */
  protected changed(command: number, bank: number, from: number): void {
    this.#tellActive();
    const { close, read, write } = this.codes;
    // A close concerns no active request, unless the part says so or the request is about to open its row again.
    if (command !== close || this.options.rowPolicy === "closed") this.activeStale = true;
    else if (this.timing.reaches(close, read) || this.timing.reaches(close, write)) this.activeStale = true;
    this.#readCandidates.issued(command, bank, from);
    this.#writeCandidates.issued(command, bank, from);
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
    this.reads.rowChanged(bank);
    this.writes.rowChanged(bank);
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
    const { active, timing, pool, edges } = this;
    const { arrive, opened } = pool;
    const { read, write } = this.codes;
    // What the channel as a whole allows: none can be better than a choice at that time, unless it came earlier.
    const readFloor = edges.rising(Math.max(from, timing.channelReady(read)));
    const writeFloor = edges.rising(Math.max(from, timing.channelReady(write)));
    let best = -1;
    let bestTime = NEVER;
    let bestArrive = NEVER;
    for (let i = 0; i < this.activeCount; i++) {
      const slot = active[i]!;
      // Rows are opened in this order, so no later request can be ready before this.
      if (opened[slot]! + this.#openToAccess > bestTime) break;
      const command = this.needs(slot);
      const floor = command === read ? readFloor : command === write ? writeFloor : from;
      if (floor > bestTime || (floor === bestTime && arrive[slot]! >= bestArrive)) continue;
      if (!this.mayServeActive(slot, command)) continue;
      const time = edges.rising(Math.max(floor, timing.earliest(command, pool.bank[slot]!)));
      if (time > bestTime) continue;
      if (time < bestTime || arrive[slot]! < bestArrive) {
        best = slot;
        bestTime = time;
        bestArrive = arrive[slot]!;
      }
    }
    this.activeSlot = best;
    this.activeTime = bestTime;
  }

  /** Whether the controller may issue `command` for an active request. */
  protected mayServeActive(_slot: number, _command: number): boolean {
    return true;
  }

  /** Takes `slot` out of the active requests; tells whether it was one. */
  protected removeActive(slot: number): boolean {
    const { active, activeCount } = this;
    let place = 0;
    while (place < activeCount && active[place] !== slot) place += 1;
    if (place === activeCount) return false;
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
