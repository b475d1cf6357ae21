/**
 * The short way for a request that is alone in its channel: with nothing to choose from, its commands follow one another
 * without a search, and most of what a scheduler keeps up to date stays as it is.
 */
import type { DramSpec } from "../spec/dram-spec.ts";
import { DramChannel } from "./channel.ts";
import type { ControllerOptions } from "./channel-door.ts";
import type { BankQueue } from "./requests/bank-queue.ts";

/** A channel that serves lone requests by the short way, where rows stay open until a request closes them. */
export abstract class AloneChannel extends DramChannel {
  readonly #may: boolean;

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    super(spec, index, options);
    this.#may = options.rowPolicy === "open" && options.refresh !== "per-bank" && this.codes.openSecond < 0;
  }

  protected override serveAlone(until: number): boolean {
    if (!this.#may || this.maintenance.size > 0 || this.held) return false;
    const { pool, codes, openRow } = this;
    const queue = this.reads.size === 1 ? this.reads : this.writes;
    const slot = queue.only;
    const bank = pool.bank[slot]!;
    const last = Math.min(until, this.refreshAt - 1);
    let command = this.needs(slot);
    let time = this.#timeOf(command, bank);
    if (time > last) return false;
    // The choice between reads and writes is made in the first tick after the last one: for what there is.
    this.writing = pool.write[slot] === 1;
    this.classify(slot);
    if (command === codes.close) {
      this.#issue(command, slot, time);
      openRow[bank] = -1;
      command = codes.open;
      time = this.#timeOf(command, bank);
      if (time > last) return this.#leave(queue, bank);
    }
    if (command === codes.open) {
      this.noteOpening(bank);
      this.#issue(command, slot, time);
      openRow[bank] = pool.row[slot]!;
      queue.remove(slot, time);
      command = this.needs(slot);
      time = this.#timeOf(command, bank);
      if (time > last) {
        this.addActive(slot);
        this.activeIn[bank]! += 1;
        return this.#leave(queue, bank);
      }
      // In ticks between the two there is nothing to read any more: writes are next.
      if (time > this.clk + 1) this.writing = true;
    } else queue.remove(slot, time);
    this.#issue(command, slot, time);
    if (this.choosesAfterAccess) this.writing = true;
    this.complete(slot, time);
    this.changedAll();
    this.next = this.modeChanges ? time + 1 : this.refreshAt;
    return true;
  }

  /** Whether the choice between reads and writes is made once more in the tick of an access. */
  protected get choosesAfterAccess(): boolean {
    return false;
  }

  /** `command`, which opens or closes a row, was issued to `bank` in tick `clk`. */
  protected rowIssued(_command: number, _bank: number, _clk: number): void {}

  #timeOf(command: number, bank: number): number {
    const time = Math.max(this.clk + 1, this.timing.earliest(command, bank));
    return command === this.codes.close ? this.edges.closing(time, bank, false) : this.edges.rising(time);
  }

  #issue(command: number, slot: number, clk: number): void {
    const bank = this.pool.bank[slot]!;
    this.reach(clk);
    this.recordRequest(command, slot, clk);
    this.timing.issue(command, bank, clk);
    if (command === this.codes.open || command === this.codes.close) this.rowIssued(command, bank, clk);
  }

  /** Leaves the rest of the request, whose next command comes too late, to the ordinary way. */
  #leave(queue: BankQueue, bank: number): true {
    queue.rowChanged(bank);
    this.changedAll();
    this.next = Math.min(this.refreshAt, this.planNext(this.clk + 1));
    return true;
  }
}
