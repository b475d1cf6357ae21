/**
 * One DRAM channel with its controller, advanced from event to event.
 *
 * Between events nothing that a tick does depends on the time but comparisons with ready times, so ticks without an
 * event are not run: `next` is the first tick in which anything can happen, and sums over ticks are kept as differences.
 */
import { SimError } from "../../errors.ts";
import { ChannelState } from "./channel-state.ts";
import { addIdleRefreshes, countersBefore, type IdleRefresh, idleRefresh } from "./idle-refreshes.ts";
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
  // By the set of nodes with open rows, what a refresh from rest comes to.
  readonly #idleRefreshes = new Map<number, IdleRefresh>();
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
      if (this.due === this.refreshTick && this.idle && this.#skipRefreshes(last)) continue;
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
   * With nothing but refreshes to come: counts those that leave nothing to wait for at `last`, as far as it is known what
   * such come to. Returns whether time has moved on.
   */
  #skipRefreshes(last: number): boolean {
    const open = this.#openAtRest();
    if (open < 0) return false;
    const first = this.#idleRefreshes.get(open);
    if (first === undefined) return this.#watchRefresh(open, last);
    if (last - this.refreshTick < first.settled) return false;
    if (open !== 0) {
      this.openRow.fill(-1);
      this.#countRefreshes(first, 1);
    }
    const closed = this.#idleRefreshes.get(0);
    if (closed !== undefined) {
      const count = Math.floor((last - this.refreshTick - closed.settled) / this.refreshInterval) + 1;
      if (count > 0) this.#countRefreshes(closed, count);
    }
    return true;
  }

  #countRefreshes(refresh: IdleRefresh, count: number): void {
    addIdleRefreshes(this.counters, refresh, count);
    this.refreshAt += count * this.refreshInterval;
    this.refreshTick += count * this.refreshInterval;
    this.due = this.refreshTick;
    this.lastCommand = this.refreshAt - this.refreshInterval + refresh.lastCommand;
  }

  /** Runs a refresh, the first with the nodes of `open` open, up to `last`, and keeps what it comes to. */
  #watchRefresh(open: number, last: number): true {
    const before = countersBefore(this.counters);
    const start = this.refreshAt;
    do this.#runNext();
    while (this.maintenance.size > 0 && this.due <= last);
    if (this.maintenance.size === 0 && this.due === this.refreshTick && this.openNodes() === 0) {
      const wait = Math.max(this.timing.longest, this.refreshTicks);
      const lastCommand = this.lastCommand - start;
      this.#idleRefreshes.set(open, idleRefresh(before, this.counters, { lastCommand, wait }));
    }
    return true;
  }

  /**
   * The nodes with open rows, as `openNodes` has them, where the next refresh has nothing to wait for and all that comes of it
   * can be told by them, unwatched; otherwise -1.
   */
  #openAtRest(): number {
    if (this.commandObserver !== null || !this.idle || this.maintenance.size > 0 || this.modeChanges) return -1;
    if (this.due !== this.refreshTick || (this.spec.ticksPerClock === 2 && this.refreshInterval % 2 !== 0)) return -1;
    return this.timing.quietAt(this.refreshTick) ? this.openNodes() : -1;
  }

  /**
   * Runs up to and including the next event, for callers that wait for room or for an answer.
   *
   * @throws {SimError} `dram-stalled` if requests wait and nothing but maintenance has been issued for long.
   */
  step(): void {
    const { next } = this;
    if (next === Number.POSITIVE_INFINITY || this.maintenanceStreak > LONGEST_STREAK) {
      const why =
        next === Number.POSITIVE_INFINITY
          ? "no command can ever be issued for them"
          : "maintenance takes all of the time";
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
