/**
 * The controller of profile `r20`: reads or writes by age among the ready, one command per tick, refreshes first.
 */

import type { DramSpec } from "../../spec/dram-spec.ts";
import { AloneChannel } from "../channel-alone.ts";
import type { ControllerOptions } from "../channel-door.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** A channel under the rules of `r20`. */
export class ChannelR20 extends AloneChannel {
  // Per bank, accesses since it was last closed; only with the closed-row policy.
  readonly #accesses: Int32Array;
  // Since when the first choice has been a close that may not be issued.
  #heldSince: number = Number.POSITIVE_INFINITY;

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    super(spec, index, options);
    this.#accesses = new Int32Array(this.timing.banks);
  }

  protected override tick(clk: number): void {
    if (clk === this.refreshAt) this.pushRefreshes(clk);
    this.planActive(clk);
    if (this.activeTime <= clk) this.#issueRequest(this.activeSlot, clk, true);
    else if (this.maintenance.size > 0) this.#tryMaintenance(clk);
    else if (this.held) this.clearHeld(clk);
    else {
      if (this.modeChanges) this.writing = !this.writing;
      const { candidates } = this;
      this.#choose(clk);
      if (candidates.time <= clk) this.#issueRequest(candidates.slot, clk, false);
    }
    this.next = this.planNext(clk + 1);
  }

  protected override planNext(from: number): number {
    this.planActive(from);
    const next = Math.min(this.refreshAt, this.activeTime);
    if (next <= from) return from;
    if (this.maintenance.size > 0) return Math.min(next, Math.max(from, this.#maintenanceTime()));
    if (this.held) return Math.min(next, this.clearHeldAt(from));
    if (this.modeChanges) return from;
    this.#choose(from);
    return Math.min(next, this.candidates.time);
  }

  /** Finds what issues next if nothing is added: the oldest of the ready ones, passing over none. */
  #choose(from: number): void {
    const { candidates } = this;
    if (candidates.settled && candidates.time >= from) return;
    candidates.choose(from);
    while (candidates.slot >= 0 && this.#held(candidates.slot)) {
      if (candidates.time < this.#heldSince) this.#heldSince = candidates.time;
      // The choice may not be issued, and stays the choice until an older request is ready.
      candidates.chooseBefore(from, this.pool.order[candidates.slot]!);
    }
  }

  #held(slot: number): boolean {
    const bank = this.pool.bank[slot]!;
    return this.activeIn[bank]! > 0 && this.needs(slot) === this.codes.close;
  }

  #issueRequest(slot: number, clk: number, fromActive: boolean): void {
    const { pool, codes } = this;
    const bank = pool.bank[slot]!;
    const command = this.needs(slot);
    this.recordRequest(command, slot, clk);
    if (this.options.rowPolicy === "closed") this.#countAccess(command, slot, clk);
    this.classify(slot);
    if (this.#heldSince < clk) this.losses.held(this.#heldSince, clk);
    this.#heldSince = Number.POSITIVE_INFINITY;
    if (command === codes.open) this.noteOpening(bank);
    this.timing.issue(command, bank, clk);
    const queue = pool.write[slot] === 1 ? this.writes : this.reads;
    if (command === codes.read || command === codes.write) {
      if (fromActive) {
        this.removeActive(slot);
        this.activeIn[bank]! -= 1;
      } else queue.remove(slot, clk);
      this.complete(slot, clk);
    } else if (command === codes.open) {
      if (this.activeCount < this.active.length) {
        queue.remove(slot, clk);
        this.addActive(slot);
        this.activeIn[bank]! += 1;
      }
      this.setRow(bank, pool.row[slot]!);
    } else this.setRow(bank, -1);
    this.changed(command, slot, clk + 1);
  }

  /** Command that the oldest maintenance request needs next. */
  #maintenanceNeeds(): number {
    const { maintenance, codes } = this;
    if (maintenance.command !== codes.refreshAll) return maintenance.command;
    return this.anyOpen(maintenance.level, maintenance.bank) ? codes.closeAll : codes.refreshAll;
  }

  /** First tick at which the oldest maintenance request may go on; `Infinity` while an active request forbids it. */
  #maintenanceTime(): number {
    const { maintenance, codes, timing, spec } = this;
    const command = this.#maintenanceNeeds();
    const { level, bank } = maintenance;
    if (command !== codes.refreshAll && this.anyActive(level, bank)) return NEVER;
    return level === spec.bankLevel ? timing.earliest(command, bank) : timing.earliestBelow(command, level, bank);
  }

  #tryMaintenance(clk: number): void {
    if (this.#maintenanceTime() > clk) return;
    const { maintenance, codes, timing, spec } = this;
    const command = this.#maintenanceNeeds();
    const { level, bank } = maintenance;
    this.recordMaintenance(command, clk);
    if (this.options.rowPolicy === "closed") this.#resetAccesses(level, bank);
    if (level === spec.bankLevel) timing.issue(command, bank, clk);
    else timing.issueBelow(command, level, bank, clk);
    if (command !== codes.refreshAll) this.closeBelow(level, bank);
    this.changedAll();
    if (command === maintenance.command) this.shiftMaintenance(clk);
  }

  /** The closed-row policy: after so many accesses a bank is closed. */
  #countAccess(command: number, slot: number, clk: number): void {
    const { pool, codes, spec } = this;
    const bank = pool.bank[slot]!;
    if (command === codes.close) this.#accesses[bank] = 0;
    if (command !== codes.read && command !== codes.write) return;
    this.#accesses[bank]! += 1;
    if (this.#accesses[bank]! < this.options.cap) return;
    this.#accesses[bank] = 0;
    this.maintenance.pushAddressed(codes.close, spec.bankLevel, bank, pool.row[slot]!, pool.column[slot]!);
    this.counters.closeRequests += 1;
    this.counters.maintenanceTicks -= clk;
  }

  #resetAccesses(level: number, bank: number): void {
    const inside = this.timing.banksBelow(level);
    const first = bank - (bank % inside);
    this.#accesses.fill(0, first, first + inside);
  }
}
