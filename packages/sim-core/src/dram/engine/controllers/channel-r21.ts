/**
 * What the controllers of profile `r21` share: refresh, closing of rows, and the steps from a chosen command to its
 * effects. Which command is chosen when is left to the parts.
 */

import type { DramSpec } from "../../spec/dram-spec.ts";
import { AloneChannel } from "../channel-alone.ts";
import type { ControllerOptions } from "../channel-door.ts";
import type { BankQueue } from "../requests/bank-queue.ts";
import { BANK, ROW, WRITE } from "../requests/request-pool.ts";
import { PerBankRefresh } from "../timing/per-bank-refresh.ts";
import { fromEpoch, NEVER } from "../timing/ticks.ts";

/** A channel under the rules of `r21`. */
export abstract class ChannelR21 extends AloneChannel {
  /** Per bank, accesses since it was last closed; only with the closed-row policy. */
  readonly #accesses: Int32Array;
  // Per bank, 1 while a close by the row policy is under way.
  readonly #closing: Uint8Array;
  // Banks at the cap that wait for the tick in which they may be closed, ascending: #full[0 … #fullCount).
  readonly #full: Int32Array;
  #fullCount = 0;
  readonly #perBank: PerBankRefresh | null;
  protected readonly closesRows: boolean;
  protected readonly rowHitFirst: boolean;

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    super(spec, index, options);
    this.#accesses = new Int32Array(this.timing.banks);
    this.#closing = new Uint8Array(this.timing.banks);
    this.#full = new Int32Array(this.timing.banks);
    this.closesRows = options.rowPolicy === "closed";
    this.rowHitFirst = options.scheduler === "frfcfs-row-hit";
    this.#perBank = options.refresh === "per-bank" ? new PerBankRefresh(spec) : null;
  }

  protected override get maintenanceAt(): number {
    return Math.min(this.refreshAt, this.#perBank?.next ?? Number.POSITIVE_INFINITY);
  }

  protected override tick(now: number): void {
    if (now === this.refreshTick) this.pushRefreshes(now);
    if (this.#perBank !== null && this.#perBank.next <= this.clk) this.#refreshBank(this.#perBank, now);
    if (this.#fullCount > 0) this.#closeFull(now);
    this.schedule(now);
    let next = this.refreshTick;
    if (this.#perBank !== null) next = Math.min(next, fromEpoch(this.#perBank.next, this.timing.epoch));
    for (let i = 0; i < this.#fullCount; i++) {
      next = Math.min(next, this.timing.earliest(this.codes.close, this.#full[i]!));
    }
    this.due = Math.max(now + 1, Math.min(next, this.planNext(now + 1)));
  }

  #refreshBank(schedule: PerBankRefresh, now: number): void {
    const bank = schedule.due(this.clk);
    if (bank >= 0) this.pushMaintenance(this.codes.refreshBank, this.spec.bankLevel, bank, now);
  }

  /** Chooses and issues the commands of tick `now`. */
  protected abstract schedule(now: number): void;

  #closeFull(now: number): void {
    const full = this.#full;
    let kept = 0;
    for (let i = 0; i < this.#fullCount; i++) {
      const bank = full[i]!;
      if (this.timing.earliest(this.codes.close, bank) > now) full[kept++] = bank;
      else {
        this.#closing[bank] = 1;
        this.pushMaintenance(this.codes.close, this.spec.bankLevel, bank, now);
      }
    }
    this.#fullCount = kept;
  }

  /** Command that the oldest maintenance request needs next. */
  protected maintenanceNeeds(): number {
    const { maintenance, codes } = this;
    const { command, level, bank } = maintenance;
    if (command === codes.close || command === codes.closeAll || !this.anyOpen(level, bank)) return command;
    return command === codes.refreshAll ? codes.closeAll : codes.close;
  }

  /** First tick at which `command` may be issued for the oldest maintenance request; `NEVER` while that is forbidden. */
  protected maintenanceTime(command: number): number {
    const { maintenance, timing, codes } = this;
    const { level, bank } = maintenance;
    const closes = command === codes.close || command === codes.closeAll;
    if (closes && this.anyActive(level, bank)) return NEVER;
    return level === this.spec.bankLevel ? timing.earliest(command, bank) : timing.earliestBelow(command, level, bank);
  }

  protected issueMaintenance(command: number, now: number): void {
    const { maintenance, timing, codes } = this;
    const { level, bank } = maintenance;
    this.recordMaintenance(command, now);
    if (level === this.spec.bankLevel) timing.issue(command, bank, now);
    else timing.issueBelow(command, level, bank, now);
    if (command === codes.close || command === codes.closeAll) {
      this.closeBelow(level, bank);
      if (this.closesRows) this.#resetAccesses(level, bank);
    }
    this.changedAll();
    if (command === maintenance.command) this.shiftMaintenance(now);
  }

  /** Issues `command` for a request that waits in a buffer or is active; the next may issue in tick `from`. */
  protected issueRequest(request: number, command: number, now: number, from: number): void {
    this.classify(request);
    const { codes, cells } = this;
    const bank = cells[request + BANK]!;
    if (command === codes.read || command === codes.write) this.#access(request, command, now);
    else {
      this.recordRequest(command, request, now);
      if (command === codes.open) this.noteOpening(request);
      this.timing.issue(command, bank, now);
      if (command === codes.open) this.opened(request, now);
      else if (command === codes.close) {
        this.setRow(bank, -1);
        if (this.closesRows) this.#resetAccesses(this.spec.bankLevel, bank);
      }
    }
    this.changed(command, request, from);
  }

  /** Its row was opened for `request`. */
  protected opened(request: number, _now: number): void {
    this.activate(request);
    const bank = this.cells[request + BANK]!;
    this.setRow(bank, this.cells[request + ROW]!);
  }

  /** Moves `request` to the tail of the active requests, if there is room. */
  protected activate(request: number): void {
    const again = this.removeActive(request);
    if (!again) {
      if (this.activeCount >= this.active.length) return;
      this.#queueOf(request).leave(request, this.clk);
    }
    this.addActive(request);
    if (!again || this.options.quirks.reopenedCountsTwice) this.activeIn[this.cells[request + BANK]!]! += 1;
  }

  protected leaveQueue(request: number): void {
    this.#queueOf(request).remove(request, this.clk);
  }

  #queueOf(request: number): BankQueue {
    return this.cells[request + WRITE] === 1 ? this.writes : this.reads;
  }

  #access(request: number, command: number, now: number): void {
    const { cells, codes, timing } = this;
    const bank = cells[request + BANK]!;
    let issued = command;
    if (this.closesRows && this.#accesses[bank]! >= this.options.cap) {
      const closing = command === codes.read ? codes.readClose : codes.writeClose;
      if (timing.earliest(closing, bank) <= now) issued = closing;
    }
    this.recordRequest(issued, request, now);
    timing.issue(issued, bank, now);
    if (this.removeActive(request)) this.activeIn[bank]! -= 1;
    else this.leaveQueue(request);
    if (issued !== command) {
      this.#resetAccesses(this.spec.bankLevel, bank);
      this.setRow(bank, -1);
    } else if (this.closesRows) this.#countAccess(bank);
    this.complete(request, now);
  }

  #countAccess(bank: number): void {
    this.#accesses[bank]! += 1;
    if (this.#accesses[bank] !== this.options.cap || this.#closing[bank] === 1) return;
    const full = this.#full;
    let place = this.#fullCount;
    for (; place > 0 && full[place - 1]! > bank; place--) full[place] = full[place - 1]!;
    full[place] = bank;
    this.#fullCount += 1;
  }

  #resetAccesses(level: number, bank: number): void {
    const inside = this.timing.banksBelow(level);
    const first = bank - (bank % inside);
    this.#accesses.fill(0, first, first + inside);
    this.#closing.fill(0, first, first + inside);
    const full = this.#full;
    let kept = 0;
    for (let i = 0; i < this.#fullCount; i++) {
      if (full[i]! < first || full[i]! >= first + inside) full[kept++] = full[i]!;
    }
    this.#fullCount = kept;
  }
}
