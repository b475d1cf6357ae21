/**
 * One DRAM channel with its controller, advanced from event to event.
 *
 * Between events nothing that a tick does depends on the time but comparisons with ready times, so ticks without an
 * event are not run: `next` is the first tick in which anything can happen, and sums over ticks are kept as differences.
 */
import { SimError } from "../../errors.ts";
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
import { ChannelState } from "./channel-state.ts";
import { EdgePairing } from "./edge-pairing.ts";

const NEVER = Number.POSITIVE_INFINITY;
/** Refresh periods without requests that are run one by one; more are skipped. */
const SKIPPED_PERIODS = 4;
/** Maintenance requests and commands in a row, with requests waiting, after which a channel counts as stalled. */
const LONGEST_STREAK = 10_000;
const HIGH_WRITES = 26;
const LOW_WRITES = 6;

/** Steps that the controllers of all parts share. */
export abstract class DramChannel extends ChannelState {
  /** Ticks done. */
  clk = 0;
  /** First tick in which something happens, `Infinity` if nothing will. The first tick chooses between reads and writes. */
  next = 1;
  /** Ticks that were run: work of the host. */
  events = 0;
  protected readonly edges: EdgePairing;
  /** Whether waiting requests are held back. */
  protected held = false;
  // What one period adds to the counters while there is nothing but refreshes: the same each time. `null` before the first.
  #idlePeriod: {
    readonly refreshes: number;
    readonly requests: number;
    readonly served: number;
    readonly ticks: number;
  } | null = null;
  // Whether the closing of all rows has been queued since then.
  #cleared = false;
  /** The active request to issue first, -1 for none, and when; to be searched anew while stale. */
  protected activeSlot = -1;
  protected activeTime: number = NEVER;
  protected activeStale = true;
  /** Whether writes are served, not reads. */
  protected writing = false;
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

  /** Runs all ticks up to and including `until`. */
  advance(until: number): void {
    while (this.next <= until) {
      if (this.next === this.refreshAt && until - this.next > SKIPPED_PERIODS * this.spec.timing.nREFI!) {
        this.#skipRefreshes(until);
      }
      this.#runNext();
    }
    if (until <= this.clk) return;
    this.clk = until;
    this.timing.follow(until);
  }

  #runNext(): void {
    this.clk = this.next;
    this.timing.follow(this.clk);
    this.events += 1;
    this.tick(this.next);
  }

  /** With nothing but refreshes to come: counts the periods up to `until`, but for the last, as the first of them went. */
  #skipRefreshes(until: number): void {
    if (!this.#onlyRefreshes) return;
    const { counters, codes } = this;
    const { commands } = counters;
    const period = this.spec.timing.nREFI!;
    if (this.#idlePeriod === null) {
      const { maintenanceRequests, maintenanceServed, maintenanceTicks } = counters;
      const refreshes = commands[codes.refreshAll]!;
      for (const end = this.refreshAt + period; this.next < end; ) this.#runNext();
      if (!this.#onlyRefreshes) return;
      this.#idlePeriod = {
        refreshes: commands[codes.refreshAll]! - refreshes,
        requests: counters.maintenanceRequests - maintenanceRequests,
        served: counters.maintenanceServed - maintenanceServed,
        ticks: counters.maintenanceTicks - maintenanceTicks,
      };
    }
    const { refreshes, requests, served, ticks } = this.#idlePeriod;
    const periods = Math.floor((until - this.refreshAt) / period) - 1;
    commands[codes.refreshAll]! += periods * refreshes;
    counters.maintenanceRequests += periods * requests;
    counters.maintenanceServed += periods * served;
    counters.maintenanceTicks += periods * ticks;
    this.refreshAt += periods * period;
    this.next = this.refreshAt;
  }

  /** Whether each refresh from now on goes like the one before it, as long as no request comes and nobody watches. */
  get #onlyRefreshes(): boolean {
    const { nREFI } = this.spec.timing;
    if (this.commandObserver !== null || !this.idle || this.maintenance.size > 0 || this.modeChanges) return false;
    if (this.next !== this.refreshAt || (this.spec.ticksPerClock === 2 && nREFI! % 2 !== 0)) return false;
    return !this.anyOpen(0, 0) && this.timing.quietAt(this.refreshAt);
  }

  /**
   * Runs up to and including the next event, for callers that wait for room or for an answer.
   *
   * @throws {SimError} `dram-stalled` if requests wait and nothing but maintenance has been issued for long.
   */
  step(): void {
    if (this.next === NEVER || this.maintenanceStreak > LONGEST_STREAK) {
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
    if (this.maintenance.size > 0 || this.held) return;
    const from = this.clk + 1;
    if (this.modeChanges) this.next = Math.min(this.next, from);
    else if ((this.pool.write[slot] === 1) === this.writing && !this.candidates.settled) {
      this.next = Math.min(this.next, Math.max(from, this.planNext(from)));
    }
  }

  /**
   * Takes up no more waiting requests until `resume`, and closes all rows once those whose rows are open for them are done;
   * then the channel is `quiet`. Refreshing goes on as ever. For owners of commands that ordinary traffic must not disturb.
   *
   * @throws {SimError} `dram-command` for a part without added commands.
   */
  hold(): void {
    if (!this.spec.commands.some((command) => command.added)) {
      throw new SimError("dram-command", `${this.spec.name} has no added commands to hold ordinary traffic back for`);
    }
    this.held = true;
    this.#cleared = false;
    this.next = Math.min(this.next, this.clk + 1);
  }

  /**
   * Whether ordinary traffic has come to rest after `hold` and nothing else waits. From then on the device is its owner's:
   * after `advance(clk)` it may issue commands in tick `clk` through `device`, on a bus that `lastCommand` does not take in
   * that tick. A refresh that falls due closes what is open as soon as times allow; until then, while `refreshDue`, the owner
   * may go on, and pushes the refresh out as far as its commands do.
   */
  get quiet(): boolean {
    return this.held && this.#cleared && this.maintenance.size === 0;
  }

  /** Whether maintenance waits. */
  get refreshDue(): boolean {
    return this.maintenance.size > 0;
  }

  /** Takes up requests again, after `hold`. */
  resume(): void {
    this.held = false;
    for (let bank = 0; bank < this.timing.banks; bank++) {
      this.reads.rowChanged(bank);
      this.writes.rowChanged(bank);
    }
    this.changedAll();
    this.next = Math.min(this.next, this.clk + 1);
  }

  /** Whether requests are on their way that have a row open, or half open, for them. */
  protected get draining(): boolean {
    return this.activeCount > 0;
  }

  /** Of a held channel: queues the closing of all rows once nothing needs them. */
  protected clearHeld(clk: number): void {
    if (this.#cleared || this.draining) return;
    this.#cleared = true;
    const level = this.spec.refreshLevel ?? 0;
    for (let bank = 0; bank < this.timing.banks; bank += this.timing.banksBelow(level)) {
      if (this.anyOpen(level, bank)) this.pushMaintenance(this.codes.closeAll, level, bank, clk);
    }
  }

  /** Tick of `clearHeld`, `from` at the earliest. */
  protected clearHeldAt(from: number): number {
    return this.#cleared || this.draining ? NEVER : from;
  }

  /** Whether a request would find room now. */
  hasRoom(write: boolean): boolean {
    return (write ? this.writes : this.reads).size < this.capacity;
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
