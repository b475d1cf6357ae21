/**
 * What the controllers of profile `r21` share: refresh, closing of rows, and the steps from a chosen command to its
 * effects. Which command is chosen when is left to the parts.
 */

import type { DramSpec } from "../../spec/dram-spec.ts";
import { AloneChannel } from "../channel-alone.ts";
import type { ControllerOptions } from "../channel-door.ts";
import { PerBankRefresh } from "../timing/per-bank-refresh.ts";

const NEVER = Number.POSITIVE_INFINITY;

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

  protected override tick(clk: number): void {
    if (clk === this.refreshAt) this.pushRefreshes(clk);
    if (this.#perBank !== null && this.#perBank.next <= clk) {
      const bank = this.#perBank.due(clk);
      if (bank >= 0) this.pushMaintenance(this.codes.refreshBank, this.spec.bankLevel, bank, clk);
    }
    if (this.#fullCount > 0) this.#closeFull(clk);
    this.schedule(clk);
    let next = Math.min(this.refreshAt, this.#perBank?.next ?? NEVER);
    for (let i = 0; i < this.#fullCount; i++) {
      next = Math.min(next, this.timing.earliest(this.codes.close, this.#full[i]!));
    }
    this.next = Math.max(clk + 1, Math.min(next, this.planNext(clk + 1)));
  }

  /** Chooses and issues the commands of tick `clk`. */
  protected abstract schedule(clk: number): void;

  #closeFull(clk: number): void {
    const full = this.#full;
    let kept = 0;
    for (let i = 0; i < this.#fullCount; i++) {
      const bank = full[i]!;
      if (this.timing.earliest(this.codes.close, bank) > clk) full[kept++] = bank;
      else {
        this.#closing[bank] = 1;
        this.pushMaintenance(this.codes.close, this.spec.bankLevel, bank, clk);
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

  /** First tick at which `command` may be issued for the oldest maintenance request; `Infinity` while that is forbidden. */
  protected maintenanceTime(command: number): number {
    const { maintenance, timing, codes } = this;
    const { level, bank } = maintenance;
    const closes = command === codes.close || command === codes.closeAll;
    if (closes && this.anyActive(level, bank)) return NEVER;
    return level === this.spec.bankLevel ? timing.earliest(command, bank) : timing.earliestBelow(command, level, bank);
  }

  protected issueMaintenance(command: number, clk: number): void {
    const { maintenance, timing, codes } = this;
    const { level, bank } = maintenance;
    this.recordMaintenance(command, clk);
    if (level === this.spec.bankLevel) timing.issue(command, bank, clk);
    else timing.issueBelow(command, level, bank, clk);
    if (command === codes.close || command === codes.closeAll) {
      this.closeBelow(level, bank);
      if (this.closesRows) this.#resetAccesses(level, bank);
    }
    this.changedAll();
    if (command === maintenance.command) this.shiftMaintenance(clk);
  }

  /** Issues `command` for a request that waits in a buffer or is active; the next may issue in tick `from`. */
  protected issueRequest(slot: number, command: number, clk: number, from: number): void {
    this.classify(slot);
    const { codes, pool } = this;
    const bank = pool.bank[slot]!;
    if (command === codes.read || command === codes.write) this.#access(slot, command, clk);
    else {
      this.recordRequest(command, slot, clk);
      if (command === codes.open) this.noteOpening(bank);
      this.timing.issue(command, bank, clk);
      if (command === codes.open) this.opened(slot, clk);
      else if (command === codes.close) {
        this.setRow(bank, -1);
        if (this.closesRows) this.#resetAccesses(this.spec.bankLevel, bank);
      }
    }
    this.changed(command, slot, from);
  }

  /** Its row was opened for `slot`. */
  protected opened(slot: number, clk: number): void {
    this.activate(slot, clk);
    const bank = this.pool.bank[slot]!;
    this.setRow(bank, this.pool.row[slot]!);
  }

  /** Moves `slot` to the tail of the active requests, if there is room. */
  protected activate(slot: number, clk: number): void {
    const again = this.removeActive(slot);
    if (!again) {
      if (this.activeCount >= this.active.length) return;
      this.leaveQueue(slot, clk);
    }
    this.addActive(slot);
    if (!again || this.options.quirks.reopenedCountsTwice) this.activeIn[this.pool.bank[slot]!]! += 1;
  }

  protected leaveQueue(slot: number, clk: number): void {
    (this.pool.write[slot] === 1 ? this.writes : this.reads).remove(slot, clk);
  }

  #access(slot: number, command: number, clk: number): void {
    const { pool, codes, timing } = this;
    const bank = pool.bank[slot]!;
    let issued = command;
    if (this.closesRows && this.#accesses[bank]! >= this.options.cap) {
      const closing = command === codes.read ? codes.readClose : codes.writeClose;
      if (timing.earliest(closing, bank) <= clk) issued = closing;
    }
    this.recordRequest(issued, slot, clk);
    timing.issue(issued, bank, clk);
    if (this.removeActive(slot)) this.activeIn[bank]! -= 1;
    else this.leaveQueue(slot, clk);
    if (issued !== command) {
      this.#resetAccesses(this.spec.bankLevel, bank);
      this.setRow(bank, -1);
    } else if (this.closesRows) this.#countAccess(bank);
    this.complete(slot, clk);
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
