import { DramDevice } from "../device/dram-device.ts";
import { LossAccount, type RowState } from "../report/bandwidth-losses.ts";
import type { DramSpec } from "../spec/dram-spec.ts";
import { ChannelCounters } from "./channel-counters.ts";
import type { CommandObserver, CompletionObserver, ControllerOptions, IssuedCommand } from "./channel-door.ts";
import { type CommandSet, commandsOf } from "./command-set.ts";
import { BankQueue } from "./requests/bank-queue.ts";
import { MaintenanceQueue } from "./requests/maintenance-queue.ts";
import { PendingReads } from "./requests/pending-reads.ts";
import { BANK, COLUMN, RequestPool, ROW, STARTED, WRITE } from "./requests/request-pool.ts";
import { DeviceTiming } from "./timing/device-timing.ts";
import { fromEpoch } from "./timing/ticks.ts";

const READ_ENTRIES = 32;
/** Nodes that refresh as one, of which a set fits an integer. */
const MOST_NODES = 30;
/** Rings of requests in each of the two buffers. */
const RINGS = 3;
// How a request found its bank when the first command for it was issued; 0 before that.
const STARTED_OPEN = 1;
const STARTED_CLOSED = 2;
const STARTED_OTHER = 3;

/**
 * What a DRAM channel holds and counts: requests, open rows, maintenance, and the record of what was issued.
 *
 * Its public ticks are absolute. Inside they are counted from the epoch of `timing`.
 */
export abstract class ChannelState {
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
  commandObserver: CommandObserver | null = null;
  completionObserver: CompletionObserver | null = null;
  /** The banks, for owners of added commands; see `DramChannel.hold`. */
  readonly device: DramDevice;
  /** Tick of the last command that the controller itself issued; -1 before the first. */
  lastCommand = -1;
  /** Ticks done, from the epoch. */
  protected now = 0;
  protected readonly timing: DeviceTiming;
  protected readonly codes: CommandSet;
  protected readonly pool: RequestPool;
  /** The records of `pool`. */
  protected readonly cells: Int32Array;
  /** Most requests in each of the two buffers. */
  protected readonly capacity: number;
  /** Open row of each bank; -1 if closed. */
  protected readonly openRow: Int32Array;
  /** Requests that had their row opened, by arrival and then in the order of that: active[0 … activeCount). */
  protected readonly active: Int32Array;
  protected activeCount = 0;
  /** Per bank, how many of them there are. */
  protected readonly activeIn: Int32Array;
  /** Ticks between two refreshes of all banks; unused without. */
  protected readonly refreshInterval: number;
  /** Next tick of refreshing, absolute; `Infinity` without. */
  protected refreshAt: number = Number.POSITIVE_INFINITY;
  /** The same from the epoch. */
  protected refreshTick: number;
  /** Maintenance requests and commands since the last command for a request, or since a request came to a channel without any. */
  protected maintenanceStreak = 0;
  readonly #issued: IssuedCommand;
  // Per bank, ticks for which an activation window held back the opening of its row.
  readonly #windowed: Int32Array;
  readonly #cause: { state: RowState; windowed: number; rowReady: number } = { state: "hit", windowed: 0, rowReady: 0 };

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    this.spec = spec;
    this.index = index;
    this.options = options;
    this.codes = commandsOf(spec, options);
    this.timing = new DeviceTiming(spec, this.codes.used);
    const { banks } = this.timing;
    this.capacity = READ_ENTRIES + (options.quirks.extraBufferEntry ? 1 : 0);
    const active = spec.profile === "r20" ? this.capacity : banks;
    this.pool = new RequestPool(2 * this.capacity + active + 1, 2 * RINGS);
    this.cells = this.pool.cells;
    this.openRow = new Int32Array(banks).fill(-1);
    this.reads = new BankQueue(this.pool, this.openRow, false);
    this.writes = new BankQueue(this.pool, this.openRow, true);
    this.active = new Int32Array(active);
    this.activeIn = new Int32Array(banks);
    this.pending = new PendingReads(options.quirks.oneRetirementPerTick ? 1 : 0);
    this.losses = new LossAccount(spec, banks);
    this.#windowed = new Int32Array(banks);
    this.counters = new ChannelCounters(spec.commands.length);
    this.device = new DramDevice(spec, {
      timing: this.timing,
      follow: () => {},
      openRow: this.openRow,
      issued: this.counters.commands,
    });
    this.#issued = { channel: index, clk: 0, command: 0, bank: 0, level: 0, row: 0, column: 0, kind: 0 };
    const refreshes = spec.refreshLevel !== null || !options.quirks.refreshNeedsRank;
    this.refreshInterval = spec.timing.nREFI ?? 1;
    if (options.refresh === "all-bank" && refreshes) this.refreshAt = this.refreshInterval;
    this.refreshTick = fromEpoch(this.refreshAt, 0);
  }

  /** Ticks done. */
  get clk(): number {
    return this.timing.epoch + this.now;
  }

  /** Moves the epoch on by `distance` or one less. What is known in ticks from the epoch is brought up to date. */
  protected moveEpoch(distance: number): number {
    const moved = this.timing.moveEpoch(distance);
    this.now = Math.max(0, this.now - moved);
    this.refreshTick = fromEpoch(this.refreshAt, this.timing.epoch);
    this.pool.renumber();
    return moved;
  }

  /** Counts, once per request, how it finds its bank. */
  protected classify(request: number): void {
    const { cells, counters } = this;
    if (cells[request + STARTED]! > 0) return;
    const open = this.openRow[cells[request + BANK]!]!;
    const started = open < 0 ? STARTED_CLOSED : open === cells[request + ROW] ? STARTED_OPEN : STARTED_OTHER;
    cells[request + STARTED] = started;
    if (cells[request + WRITE] === 1) {
      if (started === STARTED_CLOSED) counters.writeMisses += 1;
      else if (started === STARTED_OPEN) counters.writeHits += 1;
      else counters.writeConflicts += 1;
    } else if (started === STARTED_CLOSED) counters.readMisses += 1;
    else if (started === STARTED_OPEN) counters.readHits += 1;
    else counters.readConflicts += 1;
  }

  /** The data of `request` moves in tick `now`: it is done but for the wait for its data. Frees its record. */
  protected complete(request: number, now: number): void {
    const { pool, counters } = this;
    const clk = this.timing.epoch + now;
    this.#account(request, clk);
    if (this.cells[request + WRITE] === 1) {
      counters.writesServed += 1;
      this.completionObserver?.writeDone(pool.ticket[request >> 4]!, clk);
    } else {
      const depart = clk + this.spec.readLatency;
      const latency = depart - pool.arrive[request >> 4]!;
      counters.readsServed += 1;
      counters.readLatency += latency;
      const retire = this.pending.push(clk, depart, latency);
      this.completionObserver?.readDone(pool.ticket[request >> 4]!, depart, retire);
    }
    pool.release(request);
  }

  #account(request: number, clk: number): void {
    const { cells, losses } = this;
    const bank = cells[request + BANK]!;
    const write = cells[request + WRITE] === 1;
    if (losses.gapBefore(bank, clk) <= 0) {
      losses.follow(bank, clk, write);
      return;
    }
    const started = cells[request + STARTED]!;
    const cause = this.#cause;
    cause.state = started === STARTED_OPEN ? "hit" : started === STARTED_CLOSED ? "miss" : "conflict";
    cause.windowed = started === STARTED_OPEN ? 0 : this.#windowed[bank]!;
    const own = write ? this.codes.write : this.codes.read;
    cause.rowReady = started === STARTED_OPEN ? 0 : this.timing.epoch + this.timing.bankOwn(own, bank);
    losses.access(bank, clk, write, cause);
  }

  /** Notes how long a window holds back the opening of a row for `request`; before that is issued. */
  protected noteOpening(request: number): void {
    const bank = this.cells[request + BANK]!;
    const from = Math.max(0, this.pool.arrive[request >> 4]! - this.timing.epoch);
    this.#windowed[bank] = this.timing.windowWait(this.codes.open, bank, from);
  }

  /** Counts and reports a command for a request. */
  protected recordRequest(command: number, request: number, now: number): void {
    this.maintenanceStreak = 0;
    this.lastCommand = this.timing.epoch + now;
    this.counters.commands[command]! += 1;
    if (this.commandObserver !== null) this.#reportRequest(command, request, now);
  }

  #reportRequest(command: number, request: number, now: number): void {
    const { cells } = this;
    this.report(command, now, this.spec.bankLevel, cells[request + BANK]!);
    const issued = this.#issued;
    issued.row = cells[request + ROW]!;
    issued.column = cells[request + COLUMN]!;
    issued.kind = cells[request + WRITE]!;
    this.commandObserver!.issued(issued);
  }

  /** Ticks that an all-bank refresh takes. */
  protected get refreshTicks(): number {
    const { timing } = this.spec;
    return timing.nRFC ?? timing.nRFC1 ?? 0;
  }

  /** Counts and reports a command for the oldest maintenance request. */
  protected recordMaintenance(command: number, now: number): void {
    this.maintenanceStreak += 1;
    this.lastCommand = this.timing.epoch + now;
    if (command === this.codes.refreshAll) this.losses.refreshing(this.lastCommand + this.refreshTicks);
    this.counters.commands[command]! += 1;
    if (this.commandObserver === null) return;
    const { maintenance } = this;
    this.report(command, now, maintenance.level, maintenance.bank);
    const issued = this.#issued;
    issued.row = maintenance.row;
    issued.column = maintenance.column;
    issued.kind = -1;
    this.commandObserver.issued(issued);
  }

  private report(command: number, now: number, level: number, bank: number): void {
    const issued = this.#issued;
    issued.clk = this.timing.epoch + now;
    issued.command = command;
    issued.level = level;
    issued.bank = bank;
  }

  /** Queues one refresh for every node that refreshes as one, in node order. */
  protected pushRefreshes(now: number): void {
    const level = this.spec.refreshLevel ?? 0;
    const step = this.timing.banksBelow(level);
    for (let bank = 0; bank < this.timing.banks; bank += step) {
      this.pushMaintenance(this.codes.refreshAll, level, bank, now);
    }
    this.losses.refreshDue(this.timing.epoch + now);
    this.refreshAt += this.refreshInterval;
    this.refreshTick = fromEpoch(this.refreshAt, this.timing.epoch);
  }

  protected pushMaintenance(command: number, level: number, bank: number, now: number): void {
    this.maintenanceStreak += 1;
    this.maintenance.push(command, level, bank);
    this.counters.maintenanceRequests += 1;
    this.counters.maintenanceTicks -= this.timing.epoch + now;
  }

  /** The oldest maintenance request is done. */
  protected shiftMaintenance(now: number): void {
    this.maintenance.shift();
    this.counters.maintenanceServed += 1;
    this.counters.maintenanceTicks += this.timing.epoch + now;
  }

  /**
   * The nodes that refresh as one and have a row open, as a set of bits, where closing their rows changes nothing but times;
   * -1 where it does, or where there are too many nodes.
   */
  protected openNodes(): number {
    const { openRow } = this;
    const shift = this.timing.tree.shift[this.spec.refreshLevel ?? 0]!;
    let open = 0;
    for (let bank = 0; bank < openRow.length; bank++) if (openRow[bank]! >= 0) open |= 1 << (bank >> shift);
    return open !== 0 && (this.options.rowPolicy === "closed" || openRow.length >> shift > MOST_NODES) ? -1 : open;
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
}
