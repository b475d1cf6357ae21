/**
 * The controller of profile `r20`: reads or writes by age among the ready, one command per tick, refreshes first.
 */

import type { DramSpec } from "../spec/dram-spec.ts";
import { type ControllerOptions, DramChannel } from "./channel.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** A channel under the rules of `r20`. */
export class ChannelR20 extends DramChannel {
  // First active request to be ready, and when.
  #activeSlot = -1;
  #activeTime = NEVER;
  // The queued request to issue next, and when; without a valid plan the queue must be searched.
  #planned = false;
  #planSlot = -1;
  #planTime = NEVER;
  // When the first queued request is ready, were it to issue or not.
  #firstTime = NEVER;
  // Per bank, accesses since it was last closed; only with the closed-row policy.
  readonly #accesses: Int32Array;

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    super(spec, index, options);
    this.#accesses = new Int32Array(this.timing.banks);
  }

  protected override tick(clk: number): void {
    if (clk === this.refreshAt) this.pushRefreshes(clk);
    if (this.#activeTime <= clk) this.#issueRequest(this.#activeSlot, clk, true);
    else if (this.maintenance.size > 0) this.#tryMaintenance(clk);
    else {
      if (this.modeChanges) {
        this.writing = !this.writing;
        this.#planned = false;
      }
      if (!this.#planned) this.#plan(clk);
      if (this.#planTime <= clk) this.#issueRequest(this.#planSlot, clk, false);
    }
    this.#replan(clk + 1);
  }

  #replan(from: number): void {
    if (this.#activeSlot < 0) this.#planActive(from);
    let next = Math.min(this.refreshAt, this.#activeTime);
    if (this.maintenance.size > 0) next = Math.min(next, Math.max(from, this.#maintenanceTime()));
    else if (this.modeChanges) next = from;
    else if (next > from) {
      if (!this.#planned) this.#plan(from);
      next = Math.min(next, this.#planTime);
    }
    this.next = next;
  }

  protected override queued(slot: number): void {
    const from = this.clk + 1;
    if (this.maintenance.size > 0) return;
    if (this.modeChanges) this.next = Math.min(this.next, from);
    if (!this.#planned || (this.pool.write[slot] === 1) !== this.writing) return;
    const bank = this.pool.bank[slot]!;
    const command = this.needs(slot);
    const time = Math.max(from, this.timing.earliest(command, bank));
    if (time >= this.#firstTime) return;
    // A younger request goes first only where it is ready before all others.
    if (command === this.codes.close && this.activeIn[bank]! > 0) this.#plan(from);
    else {
      this.#firstTime = time;
      this.#planTime = time;
      this.#planSlot = slot;
    }
    this.next = Math.min(this.next, this.#planTime);
  }

  #planActive(from: number): void {
    const { active, timing, pool } = this;
    let best = -1;
    let bestTime = NEVER;
    for (let i = 0; i < this.activeCount; i++) {
      const slot = active[i]!;
      const time = Math.max(from, timing.earliest(this.needs(slot), pool.bank[slot]!));
      if (time > bestTime) continue;
      if (time < bestTime || pool.arrive[slot]! < pool.arrive[best]!) {
        best = slot;
        bestTime = time;
      }
    }
    this.#activeSlot = best;
    this.#activeTime = bestTime;
  }

  /** Finds what issues next if nothing is added: the oldest of the ready ones, passing over none. */
  #plan(from: number): void {
    this.#planned = true;
    this.#search(from, NEVER);
    this.#firstTime = this.#planTime;
    while (this.#planSlot >= 0 && this.#held(this.#planSlot)) {
      // The choice may not be issued, and stays the choice until an older request is ready.
      this.#search(from, this.pool.order[this.#planSlot]!);
    }
  }

  #held(slot: number): boolean {
    const bank = this.pool.bank[slot]!;
    return this.activeIn[bank]! > 0 && this.needs(slot) === this.codes.close;
  }

  /** The first to be ready, and among those the oldest, of the queued requests accepted before number `before`. */
  #search(from: number, before: number): void {
    const { pool, timing, openRow, codes } = this;
    const { order } = pool;
    const queue = this.writing ? this.writes : this.reads;
    const access = this.writing ? codes.write : codes.read;
    const { busy, busyCount, hit, other } = queue;
    const skipHeld = !this.options.quirks.blockedCloseHolds;
    let best = -1;
    let bestTime = NEVER;
    let bestOrder = NEVER;
    for (let i = 0; i < busyCount; i++) {
      const bank = busy[i]!;
      const oldestHit = hit[bank]!;
      if (oldestHit >= 0 && order[oldestHit]! < before) {
        const time = Math.max(from, timing.earliest(access, bank));
        if (time < bestTime || (time === bestTime && order[oldestHit]! < bestOrder)) {
          best = oldestHit;
          bestTime = time;
          bestOrder = order[oldestHit]!;
        }
      }
      const oldestOther = other[bank]!;
      if (oldestOther >= 0 && order[oldestOther]! < before) {
        const closed = openRow[bank]! < 0;
        if (skipHeld && !closed && this.activeIn[bank]! > 0) continue;
        const time = Math.max(from, timing.earliest(closed ? codes.open : codes.close, bank));
        if (time < bestTime || (time === bestTime && order[oldestOther]! < bestOrder)) {
          best = oldestOther;
          bestTime = time;
          bestOrder = order[oldestOther]!;
        }
      }
    }
    this.#planSlot = best;
    this.#planTime = bestTime;
  }

  #issueRequest(slot: number, clk: number, fromActive: boolean): void {
    const { pool, codes } = this;
    const bank = pool.bank[slot]!;
    const command = this.needs(slot);
    this.recordRequest(command, slot, clk);
    if (this.options.rowPolicy === "closed") this.#countAccess(command, slot, clk);
    this.classify(slot);
    this.timing.issue(command, bank, clk);
    this.#forget();
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
        this.active[this.activeCount] = slot;
        this.activeCount += 1;
        this.activeIn[bank]! += 1;
      }
      this.setRow(bank, pool.row[slot]!);
    } else this.setRow(bank, -1);
  }

  #forget(): void {
    this.#planned = false;
    this.#activeSlot = -1;
    this.#activeTime = NEVER;
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
    this.#resetAccesses(level, bank);
    if (level === spec.bankLevel) timing.issue(command, bank, clk);
    else timing.issueBelow(command, level, bank, clk);
    this.#forget();
    if (command !== codes.refreshAll) this.closeBelow(level, bank);
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
