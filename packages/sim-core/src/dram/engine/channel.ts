/**
 * One DRAM channel with its controller, advanced from event to event.
 *
 * Between events nothing that a tick does depends on the time but comparisons with ready times, so ticks without an
 * event are not run: `next` is the first tick in which anything can happen, and sums over ticks are kept as differences.
 */
import { SimError } from "../../errors.ts";
import type { DramQuirks } from "../quirks.ts";
import { LossAccount, type RowState } from "../report/bandwidth-losses.ts";
import type { DramSpec } from "../spec/dram-spec.ts";
import { BankQueue } from "./bank-queue.ts";
import { Candidates } from "./candidates.ts";
import { ChannelCounters } from "./channel-counters.ts";
import { type CommandSet, commandsOf } from "./command-set.ts";
import { DeviceTiming } from "./device-timing.ts";
import { EdgePairing } from "./edge-pairing.ts";
import { MaintenanceQueue } from "./maintenance-queue.ts";
import { PendingReads } from "./pending-reads.ts";
import { RequestPool } from "./request-pool.ts";

/** How a controller is set up. */
export interface ControllerOptions {
  readonly refresh: "all-bank" | "per-bank" | "none";
  /** `closed`: a row is closed after `cap` accesses. */
  readonly rowPolicy: "open" | "closed";
  readonly cap: number;
  readonly scheduler: "frfcfs" | "frfcfs-row-hit";
  readonly quirks: DramQuirks;
  /** Whether each request gets its address; vectors have none and are all taken for the same. */
  readonly addressed: boolean;
}

/** A request at the door of a channel. Owned and reused by the caller. */
export interface Offer {
  address: number;
  bank: number;
  row: number;
  column: number;
  write: boolean;
  ticket: number;
}

/** A command that was issued. Owned and reused by the channel. */
export interface IssuedCommand {
  channel: number;
  clk: number;
  command: number;
  /** First bank it concerns, and the level of the node whose banks it concerns all. */
  bank: number;
  level: number;
  row: number;
  column: number;
  /** Of the request behind it: 0 read, 1 write, -1 maintenance. */
  kind: number;
}

/** Told of every command. */
export interface CommandObserver {
  issued(command: IssuedCommand): void;
}

/** Told when requests are done. */
export interface CompletionObserver {
  /** The data of a read ends at tick `depart`; the controller gives it back in tick `retire`. */
  readDone(ticket: number, depart: number, retire: number): void;
  /** The write command was issued in tick `clk`, or is not needed: a later write to the address absorbs it. */
  writeDone(ticket: number, clk: number): void;
}

/** What became of an offer. */
export type Verdict = 0 | 1 | 2 | 3;
export const REFUSED = 0;
export const QUEUED = 1;
export const FORWARDED = 2;
export const ABSORBED = 3;

const NEVER = Number.POSITIVE_INFINITY;
const READ_ENTRIES = 32;
// How a request found its bank when the first command for it was issued; 0 before that.
const STARTED_OPEN = 1;
const STARTED_CLOSED = 2;
const STARTED_OTHER = 3;
/** Maintenance requests and commands in a row, with requests waiting, after which a channel counts as stalled. */
const LONGEST_STREAK = 10_000;
const HIGH_WRITES = 26;
const LOW_WRITES = 6;

/** State and steps that the controllers of all parts share. */
export abstract class DramChannel {
  readonly spec: DramSpec;
  readonly index: number;
  readonly options: ControllerOptions;
  readonly counters: ChannelCounters;
  readonly reads: BankQueue;
  readonly writes: BankQueue;
  readonly pending: PendingReads;
  /** Where the time of the data buses went. */
  readonly losses: LossAccount;
  readonly maintenance: MaintenanceQueue = new MaintenanceQueue();
  /** Ticks done. */
  clk = 0;
  /** First tick in which something happens, `Infinity` if nothing will. The first tick chooses between reads and writes. */
  next = 1;
  /** Ticks that were run: work of the host. */
  events = 0;
  commandObserver: CommandObserver | null = null;
  completionObserver: CompletionObserver | null = null;
  protected readonly timing: DeviceTiming;
  protected readonly codes: CommandSet;
  protected readonly pool: RequestPool;
  /** Open row of each bank; -1 if closed. */
  protected readonly openRow: Int32Array;
  /** Requests that had their row opened, in that order: active[0 … activeCount). */
  protected readonly active: Int32Array;
  protected activeCount = 0;
  /** Per bank, how many of them there are. */
  protected readonly activeIn: Int32Array;
  protected readonly edges: EdgePairing;
  /** The active request to issue first, -1 for none, and when; to be searched anew while stale. */
  protected activeSlot = -1;
  protected activeTime: number = NEVER;
  protected activeStale = true;
  readonly #readCandidates: Candidates;
  readonly #writeCandidates: Candidates;
  // Whether the number of active requests has been told to the candidates as above zero.
  #anyActive = false;
  /** Whether writes are served, not reads. */
  protected writing = false;
  /** Next tick of refreshing; `Infinity` without. */
  protected refreshAt: number = Number.POSITIVE_INFINITY;
  readonly #capacity: number;
  readonly #issued: IssuedCommand;
  #accepted = 0;
  // Fewest ticks from the opening of a row to an access there; none where requests lose their rows.
  readonly #openToAccess: number;
  // Per bank, ticks for which an activation window held back the opening of its row.
  readonly #windowed: Float64Array;
  readonly #cause: { state: RowState; windowed: number; rowReady: number } = { state: "hit", windowed: 0, rowReady: 0 };
  // Maintenance requests and commands since the last command for a request, or since a request came to a channel without any.
  #maintenanceStreak = 0;

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    this.spec = spec;
    this.index = index;
    this.options = options;
    this.codes = commandsOf(spec, options);
    this.timing = new DeviceTiming(spec, this.codes.used);
    const { banks } = this.timing;
    this.#capacity = READ_ENTRIES + (options.quirks.extraBufferEntry ? 1 : 0);
    const active = spec.profile === "r20" ? this.#capacity : banks;
    this.pool = new RequestPool(2 * this.#capacity + active + 1);
    this.openRow = new Int32Array(banks).fill(-1);
    this.reads = new BankQueue(this.pool, this.openRow);
    this.writes = new BankQueue(this.pool, this.openRow);
    this.active = new Int32Array(active);
    this.activeIn = new Int32Array(banks);
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
    this.pending = new PendingReads(options.quirks.oneRetirementPerTick ? 1 : 0);
    const { open, read, write } = this.codes;
    const waits = [this.timing.ownLatency(open, read), this.timing.ownLatency(open, write)];
    this.#openToAccess = options.rowPolicy === "closed" ? Number.NEGATIVE_INFINITY : Math.min(...waits);
    this.losses = new LossAccount(spec, banks);
    this.#windowed = new Float64Array(banks);
    this.counters = new ChannelCounters(spec.commands.length);
    this.#issued = { channel: index, clk: 0, command: 0, bank: 0, level: 0, row: 0, column: 0, kind: 0 };
    if (options.refresh === "all-bank" && this.#refreshes()) this.refreshAt = spec.timing.nREFI!;
  }

  #refreshes(): boolean {
    return this.spec.refreshLevel !== null || !this.options.quirks.refreshNeedsRank;
  }

  /** Runs all ticks up to and including `until`. */
  advance(until: number): void {
    while (this.next <= until) {
      this.clk = this.next;
      this.events += 1;
      this.tick(this.next);
    }
    if (until > this.clk) this.clk = until;
  }

  /**
   * Runs up to and including the next event, for callers that wait for room or for an answer.
   *
   * @throws {SimError} `dram-stalled` if requests wait and nothing but maintenance has been issued for long.
   */
  step(): void {
    if (this.next === NEVER || this.#maintenanceStreak > LONGEST_STREAK) {
      const why = this.next === NEVER ? "no command can ever be issued for them" : "maintenance takes all of the time";
      throw new SimError("dram-stalled", `requests wait in channel ${this.index} at cycle ${this.clk}, but ${why}`);
    }
    this.advance(this.next);
  }

  /** Runs tick `clk` and sets `next`. */
  protected abstract tick(clk: number): void;

  /** First tick, `from` at the earliest, in which what is held now leads to a command or to a change of mode. */
  protected abstract planNext(from: number): number;

  /** A request was put into a buffer: brings `next` up to date. */
  protected queued(slot: number): void {
    if (this.maintenance.size > 0) return;
    const from = this.clk + 1;
    if (this.modeChanges) this.next = Math.min(this.next, from);
    else if ((this.pool.write[slot] === 1) === this.writing && !this.candidates.settled) {
      this.next = Math.min(this.next, Math.max(from, this.planNext(from)));
    }
  }

  /** Whether a request would find room now. */
  hasRoom(write: boolean): boolean {
    return (write ? this.writes : this.reads).size < this.#capacity;
  }

  /** Whether nothing but refreshing is left to do. */
  get idle(): boolean {
    return this.reads.size + this.writes.size + this.activeCount === 0;
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
      this.#maintenanceStreak = 0;
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

  /** Counts, once per request, how it finds its bank. */
  protected classify(slot: number): void {
    const { pool, counters } = this;
    if (pool.started[slot]! > 0) return;
    const open = this.openRow[pool.bank[slot]!]!;
    pool.started[slot] = open < 0 ? STARTED_CLOSED : open === pool.row[slot] ? STARTED_OPEN : STARTED_OTHER;
    if (pool.write[slot] === 1) {
      if (open < 0) counters.writeMisses += 1;
      else if (open === pool.row[slot]) counters.writeHits += 1;
      else counters.writeConflicts += 1;
    } else if (open < 0) counters.readMisses += 1;
    else if (open === pool.row[slot]) counters.readHits += 1;
    else counters.readConflicts += 1;
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

  /** A command that concerns many banks was issued. */
  protected changedAll(): void {
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

  /** Whether the choice between reads and writes will change when it is next made. */
  protected get modeChanges(): boolean {
    if (!this.writing) return this.writes.size >= HIGH_WRITES || this.reads.size === 0;
    return this.writes.size <= LOW_WRITES && this.reads.size !== 0;
  }

  /** Brings `activeSlot` and `activeTime` up to date for issue in tick `from` at the earliest. */
  protected planActive(from: number): void {
    if (!this.activeStale && this.activeTime >= from) return;
    this.activeStale = false;
    const { active, timing, pool, edges } = this;
    let best = -1;
    let bestTime = NEVER;
    for (let i = 0; i < this.activeCount; i++) {
      const slot = active[i]!;
      // Rows are opened in this order, so no later request can be ready before this.
      if (pool.opened[slot]! + this.#openToAccess > bestTime) break;
      const command = this.needs(slot);
      if (!this.mayServeActive(slot, command)) continue;
      const time = edges.rising(Math.max(from, timing.earliest(command, pool.bank[slot]!)));
      if (time > bestTime) continue;
      if (time < bestTime || pool.arrive[slot]! < pool.arrive[best]!) {
        best = slot;
        bestTime = time;
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

  /** The data of `slot` moves: the request is done but for the wait for its data. Frees the slot. */
  protected complete(slot: number, clk: number): void {
    const { pool, counters } = this;
    const ticket = pool.ticket[slot]!;
    this.#account(slot, clk);
    if (pool.write[slot] === 1) {
      counters.writesServed += 1;
      this.completionObserver?.writeDone(ticket, clk);
    } else {
      const depart = clk + this.spec.readLatency;
      const latency = depart - pool.arrive[slot]!;
      counters.readsServed += 1;
      counters.readLatency += latency;
      const retire = this.pending.push(clk, depart, latency);
      this.completionObserver?.readDone(ticket, depart, retire);
    }
    pool.release(slot);
  }

  #account(slot: number, clk: number): void {
    const { pool } = this;
    const bank = pool.bank[slot]!;
    const started = pool.started[slot]!;
    const cause = this.#cause;
    cause.state = started === STARTED_OPEN ? "hit" : started === STARTED_CLOSED ? "miss" : "conflict";
    cause.windowed = started === STARTED_OPEN ? 0 : this.#windowed[bank]!;
    const write = pool.write[slot] === 1;
    cause.rowReady =
      started === STARTED_OPEN ? 0 : this.timing.bankOwn(write ? this.codes.write : this.codes.read, bank);
    this.losses.access(bank, clk, write, cause);
  }

  /** Notes how long a window holds back the opening of a row in `bank`; before that is issued. */
  protected noteOpening(bank: number): void {
    this.#windowed[bank] = this.timing.windowWait(this.codes.open, bank);
  }

  /** Counts and reports a command for a request. */
  protected recordRequest(command: number, slot: number, clk: number): void {
    this.#maintenanceStreak = 0;
    this.counters.commands[command]! += 1;
    if (this.commandObserver === null) return;
    const { pool } = this;
    const { bankLevel } = this.spec;
    this.report(command, clk, bankLevel, pool.bank[slot]!);
    const issued = this.#issued;
    issued.row = pool.row[slot]!;
    issued.column = pool.column[slot]!;
    issued.kind = pool.write[slot]!;
    this.commandObserver.issued(issued);
  }

  /** Counts and reports a command for the oldest maintenance request. */
  protected recordMaintenance(command: number, clk: number): void {
    const { timing } = this.spec;
    this.#maintenanceStreak += 1;
    if (command === this.codes.refreshAll) this.losses.refreshing(clk + (timing.nRFC ?? timing.nRFC1 ?? 0));
    this.counters.commands[command]! += 1;
    if (this.commandObserver === null) return;
    const { maintenance } = this;
    this.report(command, clk, maintenance.level, maintenance.bank);
    const issued = this.#issued;
    issued.row = maintenance.row;
    issued.column = maintenance.column;
    issued.kind = -1;
    this.commandObserver.issued(issued);
  }

  private report(command: number, clk: number, level: number, bank: number): void {
    const issued = this.#issued;
    issued.clk = clk;
    issued.command = command;
    issued.level = level;
    issued.bank = bank;
  }

  /** Queues one refresh for every node that refreshes as one, in node order. */
  protected pushRefreshes(clk: number): void {
    const level = this.spec.refreshLevel ?? 0;
    const step = this.timing.banksBelow(level);
    for (let bank = 0; bank < this.timing.banks; bank += step) {
      this.pushMaintenance(this.codes.refreshAll, level, bank, clk);
    }
    this.losses.refreshDue(clk);
    this.refreshAt += this.spec.timing.nREFI!;
  }

  protected pushMaintenance(command: number, level: number, bank: number, clk: number): void {
    this.#maintenanceStreak += 1;
    this.maintenance.push(command, level, bank);
    this.counters.maintenanceRequests += 1;
    this.counters.maintenanceTicks -= clk;
  }

  /** The oldest maintenance request is done. */
  protected shiftMaintenance(clk: number): void {
    this.maintenance.shift();
    this.counters.maintenanceServed += 1;
    this.counters.maintenanceTicks += clk;
  }

  /** Whether any bank of the node of `level` above `bank` is open. */
  protected anyOpen(level: number, bank: number): boolean {
    const inside = this.timing.banksBelow(level);
    const first = bank - (bank % inside);
    for (let below = first; below < first + inside; below++) if (this.openRow[below]! >= 0) return true;
    return false;
  }

  /** Whether any bank of the node of `level` above `bank` has an active request. */
  protected anyActive(level: number, bank: number): boolean {
    if (this.activeCount === 0) return false;
    const inside = this.timing.banksBelow(level);
    const first = bank - (bank % inside);
    for (let below = first; below < first + inside; below++) if (this.activeIn[below]! > 0) return true;
    return false;
  }

  protected closeBelow(level: number, bank: number): void {
    const inside = this.timing.banksBelow(level);
    const first = bank - (bank % inside);
    for (let below = first; below < first + inside; below++) if (this.openRow[below]! >= 0) this.setRow(below, -1);
  }
}
