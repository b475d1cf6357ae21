/**
 * The controller of profile `r20`: reads or writes by age among the ready, one command per tick, refreshes first.
 */

import type { DramSpec } from "../../spec/dram-spec.ts";
import { AloneChannel } from "../channel-alone.ts";
import type { ControllerOptions } from "../channel-door.ts";
import { BANK, COLUMN, ORDER, ROW, WRITE } from "../requests/request-pool.ts";
import { NEVER } from "../timing/ticks.ts";

/** A channel under the rules of `r20`. */
export class ChannelR20 extends AloneChannel {
  // Per bank, accesses since it was last closed; only with the closed-row policy.
  readonly #accesses: Int32Array;
  // Since when, absolute, the first choice has been a close that may not be issued.
  #heldSince: number = Number.POSITIVE_INFINITY;

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    super(spec, index, options);
    this.#accesses = new Int32Array(this.timing.banks);
  }

  protected override tick(now: number): void {
    if (now === this.refreshTick) this.pushRefreshes(now);
    this.planActive(now);
    if (this.activeTime <= now) this.#issueRequest(this.activeRequest, now, true);
    else if (this.maintenance.size > 0) this.#tryMaintenance(now);
    else if (this.held) this.clearHeld(now);
    else {
      if (this.modeChanges) this.writing = !this.writing;
      const { candidates } = this;
      this.#choose(now);
      if (candidates.time <= now) this.#issueRequest(candidates.request, now, false);
    }
    this.due = this.planNext(now + 1);
  }

  protected override planNext(from: number): number {
    this.planActive(from);
    const next = Math.min(this.refreshTick, this.activeTime);
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
    while (candidates.request >= 0 && this.#held(candidates.request)) {
      const since = this.timing.epoch + candidates.time;
      if (since < this.#heldSince) this.#heldSince = since;
      // The choice may not be issued, and stays the choice until an older request is ready.
      candidates.chooseBefore(from, this.cells[candidates.request + ORDER]!);
    }
  }

  #held(request: number): boolean {
    const bank = this.cells[request + BANK]!;
    return this.activeIn[bank]! > 0 && this.needs(request) === this.codes.close;
  }

  #issueRequest(request: number, now: number, fromActive: boolean): void {
    const { cells, codes } = this;
    const bank = cells[request + BANK]!;
    const command = this.needs(request);
    this.recordRequest(command, request, now);
    if (this.options.rowPolicy === "closed") this.#countAccess(command, request, now);
    this.classify(request);
    if (this.#heldSince !== Number.POSITIVE_INFINITY) this.#accountHeld();
    if (command === codes.open) this.noteOpening(request);
    this.timing.issue(command, bank, now);
    const queue = cells[request + WRITE] === 1 ? this.writes : this.reads;
    if (command === codes.read || command === codes.write) {
      if (fromActive) {
        this.removeActive(request);
        this.activeIn[bank]! -= 1;
      } else queue.remove(request, this.clk);
      this.complete(request, now);
    } else if (command === codes.open) {
      if (this.activeCount < this.active.length) {
        queue.leave(request, this.clk);
        this.addActive(request);
        this.activeIn[bank]! += 1;
      }
      this.setRow(bank, cells[request + ROW]!);
    } else this.setRow(bank, -1);
    this.changed(command, request, now + 1);
  }

  #accountHeld(): void {
    if (this.#heldSince < this.clk) this.losses.held(this.#heldSince, this.clk);
    this.#heldSince = Number.POSITIVE_INFINITY;
  }

  /** Command that the oldest maintenance request needs next. */
  #maintenanceNeeds(): number {
    const { maintenance, codes } = this;
    if (maintenance.command !== codes.refreshAll) return maintenance.command;
    return this.anyOpen(maintenance.level, maintenance.bank) ? codes.closeAll : codes.refreshAll;
  }

  /** First tick at which the oldest maintenance request may go on; `NEVER` while an active request forbids it. */
  #maintenanceTime(): number {
    const { maintenance, codes, timing, spec } = this;
    const command = this.#maintenanceNeeds();
    const { level, bank } = maintenance;
    if (command !== codes.refreshAll && this.anyActive(level, bank)) return NEVER;
    return level === spec.bankLevel ? timing.earliest(command, bank) : timing.earliestBelow(command, level, bank);
  }

  #tryMaintenance(now: number): void {
    if (this.#maintenanceTime() > now) return;
    const { maintenance, codes, timing, spec } = this;
    const command = this.#maintenanceNeeds();
    const { level, bank } = maintenance;
    this.recordMaintenance(command, now);
    if (this.options.rowPolicy === "closed") this.#resetAccesses(level, bank);
    if (level === spec.bankLevel) timing.issue(command, bank, now);
    else timing.issueBelow(command, level, bank, now);
    if (command !== codes.refreshAll) this.closeBelow(level, bank);
    this.changedAll();
    if (command === maintenance.command) this.shiftMaintenance(now);
  }

  /** The closed-row policy: after so many accesses a bank is closed. */
  #countAccess(command: number, request: number, now: number): void {
    const { cells, codes, spec } = this;
    const bank = cells[request + BANK]!;
    if (command === codes.close) this.#accesses[bank] = 0;
    if (command !== codes.read && command !== codes.write) return;
    this.#accesses[bank]! += 1;
    if (this.#accesses[bank]! < this.options.cap) return;
    this.#accesses[bank] = 0;
    this.maintenance.pushAddressed(codes.close, spec.bankLevel, bank, cells[request + ROW]!, cells[request + COLUMN]!);
    this.counters.closeRequests += 1;
    this.counters.maintenanceTicks -= this.timing.epoch + now;
  }

  #resetAccesses(level: number, bank: number): void {
    const inside = this.timing.banksBelow(level);
    const first = bank - (bank % inside);
    this.#accesses.fill(0, first, first + inside);
  }
}
