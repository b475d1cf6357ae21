/**
 * Keeping ordinary traffic back for owners of commands that it must not disturb.
 */
import { SimError } from "../../errors.ts";
import { ChannelClock } from "./channel-clock.ts";
import { NEVER } from "./timing/ticks.ts";

/** A channel whose requests can be held. */
export abstract class HeldChannel extends ChannelClock {
  /** Whether waiting requests are held back. */
  protected held = false;
  // Whether the closing of all rows has been queued since the requests are held.
  #cleared = false;

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
    this.due = Math.min(this.due, this.now + 1);
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
    this.due = Math.min(this.due, this.now + 1);
  }

  /** Whether requests are on their way that have a row open, or half open, for them. */
  protected get draining(): boolean {
    return this.activeCount > 0;
  }

  /** Of a held channel: queues the closing of all rows once nothing needs them. */
  protected clearHeld(now: number): void {
    if (this.#cleared || this.draining) return;
    this.#cleared = true;
    const level = this.spec.refreshLevel ?? 0;
    for (let bank = 0; bank < this.timing.banks; bank += this.timing.banksBelow(level)) {
      if (this.anyOpen(level, bank)) this.pushMaintenance(this.codes.closeAll, level, bank, now);
    }
  }

  /** Tick of `clearHeld`, `from` at the earliest. */
  protected clearHeldAt(from: number): number {
    return this.#cleared || this.draining ? NEVER : from;
  }

  /** A command that concerns many banks was issued, or all banks may have changed. */
  protected abstract changedAll(): void;
}
