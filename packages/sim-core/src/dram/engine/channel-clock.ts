/**
 * One DRAM channel with its controller, advanced from event to event.
 *
 * Between events nothing that a tick does depends on the time but comparisons with ready times, so ticks without an
 * event are not run: `next` is the first tick in which anything can happen, and sums over ticks are kept as differences.
 */
import { SimError } from "../../errors.ts";
import { ChannelState } from "./channel-state.ts";
import { FARTHEST, NEVER } from "./timing/ticks.ts";

/** Maintenance requests and commands in a row, with requests waiting, after which a channel counts as stalled. */
const LONGEST_STREAK = 10_000;
const HIGH_WRITES = 26;
const LOW_WRITES = 6;

/** The time of a channel. */
export abstract class ChannelClock extends ChannelState {
  /** First tick, from the epoch, in which something happens. The first tick of all chooses between reads and writes. */
  protected due = 1;
  /** Ticks that were run: work of the host. */
  events = 0;
  // What one period adds to the counters while there is nothing but refreshes: the same each time. `null` before the first.
  #idlePeriod: {
    readonly refreshes: number;
    readonly requests: number;
    readonly served: number;
    readonly ticks: number;
    /** From its start to the last command, and to where nothing has to wait for that any more. */
    readonly lastCommand: number;
    readonly settled: number;
  } | null = null;
  /** Whether writes are served, not reads. */
  protected writing = false;

  /** First tick in which something happens, `Infinity` if nothing will. */
  get next(): number {
    return this.due < NEVER ? this.timing.epoch + this.due : this.maintenanceAt;
  }

  /** First tick of refreshing, absolute; `Infinity` without. */
  protected get maintenanceAt(): number {
    return this.refreshAt;
  }

  /** Runs all ticks up to and including `until`. */
  advance(until: number): void {
    let last = until - this.timing.epoch;
    while (last >= FARTHEST) {
      this.#run(FARTHEST);
      this.moveEpoch(this.next < until ? this.now : Math.min(last, this.next - this.timing.epoch));
      last = until - this.timing.epoch;
    }
    this.#run(last);
  }

  /** The same, counted from the epoch. */
  #run(last: number): void {
    while (this.due <= last) {
      if (this.alone && this.serveAlone(last)) continue;
      const longIdle = this.due === this.refreshTick && last - this.due >= this.refreshInterval;
      if (longIdle && this.#skipRefreshes(last)) continue;
      this.#runNext();
    }
    if (last > this.now) this.now = last;
  }

  protected override moveEpoch(distance: number): number {
    const moved = super.moveEpoch(distance);
    this.due = this.due < NEVER ? this.due - moved : Math.min(NEVER, this.maintenanceAt - this.timing.epoch);
    return moved;
  }

  #runNext(): void {
    this.reach(this.due);
    this.tick(this.due);
  }

  /** Goes on to tick `now`, in which something happens. */
  protected reach(now: number): void {
    this.now = now;
    this.events += 1;
  }

  /** Whether no more than one request waits in the buffers, and none is active. */
  protected get alone(): boolean {
    return this.reads.size + this.writes.size === 1 && this.activeCount === 0;
  }

  /** Serves the one request that waits up to `until`, if there is a shorter way than tick by tick; whether time moved on. */
  protected serveAlone(_until: number): boolean {
    return false;
  }

  /**
   * With nothing but refreshes to come: counts the periods that leave nothing to wait for at `last` as the first of them
   * went. Returns whether time has moved on.
   */
  #skipRefreshes(last: number): boolean {
    if (!this.#onlyRefreshes) return false;
    const { counters, codes } = this;
    const { commands } = counters;
    const period = this.refreshInterval;
    if (this.#idlePeriod === null) {
      const { maintenanceRequests, maintenanceServed, maintenanceTicks } = counters;
      const refreshes = commands[codes.refreshAll]!;
      const start = this.refreshAt;
      while (this.next < start + period) this.#runNext();
      if (!this.#onlyRefreshes) return true;
      const lastCommand = this.lastCommand - start;
      this.#idlePeriod = {
        refreshes: commands[codes.refreshAll]! - refreshes,
        requests: counters.maintenanceRequests - maintenanceRequests,
        served: counters.maintenanceServed - maintenanceServed,
        ticks: counters.maintenanceTicks - maintenanceTicks,
        lastCommand,
        settled: lastCommand + Math.max(this.timing.longest, this.refreshTicks),
      };
    }
    const { refreshes, requests, served, ticks, lastCommand, settled } = this.#idlePeriod;
    const periods = Math.floor((last - this.refreshTick - settled) / period) + 1;
    if (periods <= 0) return false;
    commands[codes.refreshAll]! += periods * refreshes;
    counters.maintenanceRequests += periods * requests;
    counters.maintenanceServed += periods * served;
    counters.maintenanceTicks += periods * ticks;
    this.refreshAt += periods * period;
    this.refreshTick += periods * period;
    this.due = this.refreshTick;
    this.lastCommand = this.refreshAt - period + lastCommand;
    return true;
  }

  /** Whether each refresh from now on goes like the one before it, as long as no request comes and nobody watches. */
  get #onlyRefreshes(): boolean {
    if (this.commandObserver !== null || !this.idle || this.maintenance.size > 0 || this.modeChanges) return false;
    if (this.due !== this.refreshTick || (this.spec.ticksPerClock === 2 && this.refreshInterval % 2 !== 0))
      return false;
    return !this.anyOpen(0, 0) && this.timing.quietAt(this.refreshTick);
  }

  /**
   * Runs up to and including the next event, for callers that wait for room or for an answer.
   *
   * @throws {SimError} `dram-stalled` if requests wait and nothing but maintenance has been issued for long.
   */
  step(): void {
    const { next } = this;
    if (next === Number.POSITIVE_INFINITY || this.maintenanceStreak > LONGEST_STREAK) {
      const why = next === Number.POSITIVE_INFINITY ? "no command can ever be issued for them" : "maintenance takes all of the time";
      throw new SimError("dram-stalled", `requests wait in channel ${this.index} at cycle ${this.clk}, but ${why}`);
    }
    this.advance(next);
  }

  /** Runs tick `now` and sets `due`. */
  protected abstract tick(now: number): void;

  /** First tick, from the epoch and `from` at the earliest, in which what is held now leads to a command or to a change of mode. */
  protected abstract planNext(from: number): number;

  /** Whether the choice between reads and writes will change when it is next made. */
  protected get modeChanges(): boolean {
    if (!this.writing) return this.writes.size >= HIGH_WRITES || this.reads.size === 0;
    return this.writes.size <= LOW_WRITES && this.reads.size !== 0;
  }

  /** Whether nothing but refreshing is left to do. */
  get idle(): boolean {
    return this.reads.size + this.writes.size + this.activeCount === 0;
  }
}
