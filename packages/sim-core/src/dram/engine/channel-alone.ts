/**
 * The short way for a request that is alone in its channel: with nothing to choose from, its commands follow one another
 * without a search, and most of what a scheduler keeps up to date stays as it is.
 */
import type { DramSpec } from "../spec/dram-spec.ts";
import { DramChannel } from "./channel.ts";
import type { ControllerOptions } from "./channel-door.ts";
import type { BankQueue } from "./requests/bank-queue.ts";
import { BANK, ROW, WRITE } from "./requests/request-pool.ts";

/** A channel that serves lone requests by the short way, where rows stay open until a request closes them. */
export abstract class AloneChannel extends DramChannel {
  readonly #may: boolean;

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    super(spec, index, options);
    this.#may = options.rowPolicy === "open" && options.refresh !== "per-bank" && this.codes.openSecond < 0;
  }

  protected override serveAlone(until: number): boolean {
    if (!this.#may || this.maintenance.size > 0 || this.held) return false;
    const { cells, codes, openRow } = this;
    const { epoch } = this.timing;
    const queue = this.reads.size === 1 ? this.reads : this.writes;
    const request = queue.only;
    const bank = cells[request + BANK]!;
    const last = Math.min(until, this.refreshTick - 1);
    let command = this.needs(request);
    let time = this.#timeOf(command, bank);
    if (time > last) return false;
    // The choice between reads and writes is made in the first tick after the last one: for what there is.
    this.writing = cells[request + WRITE] === 1;
    this.classify(request);
    if (command === codes.close) {
      this.#issue(command, request, time);
      openRow[bank] = -1;
      command = codes.open;
      time = this.#timeOf(command, bank);
      if (time > last) return this.#leave(queue, bank);
    }
    if (command === codes.open) {
      this.noteOpening(request);
      this.#issue(command, request, time);
      openRow[bank] = cells[request + ROW]!;
      queue.remove(request, epoch + time);
      command = this.needs(request);
      time = this.#timeOf(command, bank);
      if (time > last) {
        this.addActive(request);
        this.activeIn[bank]! += 1;
        return this.#leave(queue, bank);
      }
      // In ticks between the two there is nothing to read any more: writes are next.
      if (time > this.now + 1) this.writing = true;
    } else queue.remove(request, epoch + time);
    this.#issue(command, request, time);
    if (this.choosesAfterAccess) this.writing = true;
    this.complete(request, time);
    this.changedAll();
    this.due = this.modeChanges ? time + 1 : this.refreshTick;
    return true;
  }

  /** Whether the choice between reads and writes is made once more in the tick of an access. */
  protected get choosesAfterAccess(): boolean {
    return false;
  }

  /** `command`, which opens or closes a row, was issued to `bank` in tick `now`. */
  protected rowIssued(_command: number, _bank: number, _now: number): void {}

  #timeOf(command: number, bank: number): number {
    const time = Math.max(this.now + 1, this.timing.earliest(command, bank));
    return command === this.codes.close ? this.edges.closing(time, bank, false) : this.edges.rising(time);
  }

  #issue(command: number, request: number, now: number): void {
    const bank = this.cells[request + BANK]!;
    this.reach(now);
    this.recordRequest(command, request, now);
    this.timing.issue(command, bank, now);
    if (command === this.codes.open || command === this.codes.close) this.rowIssued(command, bank, now);
  }

  /** Leaves the rest of the request, whose next command comes too late, to the ordinary way. */
  #leave(queue: BankQueue, bank: number): true {
    queue.rowChanged(bank);
    this.changedAll();
    this.due = Math.min(this.refreshTick, this.planNext(this.now + 1));
    return true;
  }
}
