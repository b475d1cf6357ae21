import { DramDevice } from "../device/dram-device.ts";
import { LossAccount, type RowState } from "../report/bandwidth-losses.ts";
import type { DramSpec } from "../spec/dram-spec.ts";
import { ChannelCounters } from "./channel-counters.ts";
import type { CommandObserver, CompletionObserver, ControllerOptions, IssuedCommand } from "./channel-door.ts";
import { type CommandSet, commandsOf } from "./command-set.ts";
import { BankQueue } from "./requests/bank-queue.ts";
import { MaintenanceQueue } from "./requests/maintenance-queue.ts";
import { PendingReads } from "./requests/pending-reads.ts";
import { RequestPool } from "./requests/request-pool.ts";
import { DeviceTiming } from "./timing/device-timing.ts";

const READ_ENTRIES = 32;
// How a request found its bank when the first command for it was issued; 0 before that.
const STARTED_OPEN = 1;
const STARTED_CLOSED = 2;
const STARTED_OTHER = 3;

/** What a DRAM channel holds and counts: requests, open rows, maintenance, and the record of what was issued. */
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
  protected readonly timing: DeviceTiming;
  protected readonly codes: CommandSet;
  protected readonly pool: RequestPool;
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
  /** Next tick of refreshing; `Infinity` without. */
  protected refreshAt: number = Number.POSITIVE_INFINITY;
  /** Maintenance requests and commands since the last command for a request, or since a request came to a channel without any. */
  protected maintenanceStreak = 0;
  readonly #issued: IssuedCommand;
  // Per bank, ticks for which an activation window held back the opening of its row.
  readonly #windowed: Float64Array;
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
    this.pool = new RequestPool(2 * this.capacity + active + 1);
    this.openRow = new Int32Array(banks).fill(-1);
    this.reads = new BankQueue(this.pool, this.openRow, false);
    this.writes = new BankQueue(this.pool, this.openRow, true);
    this.active = new Int32Array(active);
    this.activeIn = new Int32Array(banks);
    this.pending = new PendingReads(options.quirks.oneRetirementPerTick ? 1 : 0);
    this.losses = new LossAccount(spec, banks);
    this.#windowed = new Float64Array(banks);
    this.counters = new ChannelCounters(spec.commands.length);
    this.device = new DramDevice(spec, {
      timing: this.timing,
      openRow: this.openRow,
      issued: this.counters.commands,
    });
    this.#issued = { channel: index, clk: 0, command: 0, bank: 0, level: 0, row: 0, column: 0, kind: 0 };
    const refreshes = spec.refreshLevel !== null || !options.quirks.refreshNeedsRank;
    this.refreshInterval = spec.timing.nREFI ?? 1;
    if (options.refresh === "all-bank" && refreshes) this.refreshAt = this.refreshInterval;
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
    const { pool, losses } = this;
    const bank = pool.bank[slot]!;
    const write = pool.write[slot] === 1;
    if (losses.gapBefore(bank, clk) <= 0) {
      losses.follow(bank, clk, write);
      return;
    }
    const started = pool.started[slot]!;
    const cause = this.#cause;
    cause.state = started === STARTED_OPEN ? "hit" : started === STARTED_CLOSED ? "miss" : "conflict";
    cause.windowed = started === STARTED_OPEN ? 0 : this.#windowed[bank]!;
    cause.rowReady =
      started === STARTED_OPEN ? 0 : this.timing.bankOwn(write ? this.codes.write : this.codes.read, bank);
    losses.access(bank, clk, write, cause);
  }

  /** Notes how long a window holds back the opening of a row in `bank`; before that is issued. */
  protected noteOpening(bank: number): void {
    this.#windowed[bank] = this.timing.windowWait(this.codes.open, bank);
  }

  /** Counts and reports a command for a request. */
  protected recordRequest(command: number, slot: number, clk: number): void {
    this.maintenanceStreak = 0;
    this.lastCommand = clk;
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

  /** Ticks that an all-bank refresh takes. */
  protected get refreshTicks(): number {
    const { timing } = this.spec;
    return timing.nRFC ?? timing.nRFC1 ?? 0;
  }

  /** Counts and reports a command for the oldest maintenance request. */
  protected recordMaintenance(command: number, clk: number): void {
    this.maintenanceStreak += 1;
    this.lastCommand = clk;
    if (command === this.codes.refreshAll) this.losses.refreshing(clk + this.refreshTicks);
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
    this.refreshAt += this.refreshInterval;
  }

  protected pushMaintenance(command: number, level: number, bank: number, clk: number): void {
    this.maintenanceStreak += 1;
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
}
