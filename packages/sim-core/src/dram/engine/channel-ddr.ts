/**
 * The controller of profile `r21` for parts with one command bus and one-step opening: DDR3, DDR4, DDR5.
 */
import { ChannelR21 } from "./channel-r21.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** A channel that issues one command per tick. */
export class ChannelDdr extends ChannelR21 {
  #activeSlot = -1;
  #activeTime = NEVER;
  // What the queues would issue next, were nothing added; to be searched anew unless #planned.
  #planned = false;
  #planSlot = -1;
  #planTime = NEVER;

  protected override schedule(clk: number): void {
    if (this.#activeTime <= clk) {
      this.issueRequest(this.#activeSlot, this.needs(this.#activeSlot), clk);
    } else if (this.maintenance.size > 0) {
      const command = this.maintenanceNeeds();
      if (this.maintenanceTime(command) <= clk) this.issueMaintenance(command, clk);
    } else {
      if (this.modeChanges) {
        this.writing = !this.writing;
        this.#planned = false;
      }
      if (!this.#planned) this.#plan(clk);
      if (this.#planTime <= clk) this.issueRequest(this.#planSlot, this.needs(this.#planSlot), clk);
    }
  }

  protected override planNext(from: number): number {
    if (this.#activeSlot < 0) this.#planActive(from);
    if (this.#activeTime <= from) return from;
    if (this.maintenance.size > 0) return Math.min(this.#activeTime, this.maintenanceTime(this.maintenanceNeeds()));
    if (this.modeChanges) return from;
    if (!this.#planned) this.#plan(from);
    return Math.min(this.#activeTime, this.#planTime);
  }

  protected override forget(): void {
    this.#planned = false;
    this.#activeSlot = -1;
    this.#activeTime = NEVER;
  }

  protected override queued(slot: number): void {
    const from = this.clk + 1;
    if (this.maintenance.size > 0) return;
    if (this.modeChanges) this.next = Math.min(this.next, from);
    if (!this.#planned || (this.pool.write[slot] === 1) !== this.writing) return;
    const bank = this.pool.bank[slot]!;
    const command = this.needs(slot);
    if (this.rowHitFirst && command !== this.codes.open) this.#plan(from);
    else {
      if (command === this.codes.close && this.activeCount > 0 && this.activeIn[bank]! > 0) return;
      const time = Math.max(from, this.timing.earliest(command, bank));
      if (time >= this.#planTime) return;
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
      const command = this.needs(slot);
      if (this.rowHitFirst && command === this.codes.close && this.#rowStillHit(slot)) continue;
      const time = Math.max(from, timing.earliest(command, pool.bank[slot]!));
      if (time > bestTime) continue;
      if (time < bestTime || pool.arrive[slot]! < pool.arrive[best]!) {
        best = slot;
        bestTime = time;
      }
    }
    this.#activeSlot = best;
    this.#activeTime = bestTime;
  }

  /** Whether an active request, no younger than `slot`, hits the row that `slot` would close. */
  #rowStillHit(slot: number): boolean {
    const { active, pool, openRow } = this;
    const bank = pool.bank[slot]!;
    for (let i = 0; i < this.activeCount; i++) {
      const entry = active[i]!;
      if (pool.bank[entry] !== bank || pool.row[entry] !== openRow[bank]) continue;
      if (pool.arrive[entry]! <= pool.arrive[slot]!) return true;
    }
    return false;
  }

  #plan(from: number): void {
    const { pool, timing, openRow, codes, activeIn } = this;
    const { order, arrive } = pool;
    const { busy, busyCount, hit, other } = this.writing ? this.writes : this.reads;
    const access = this.writing ? codes.write : codes.read;
    const anyActive = this.activeCount > 0;
    let best = -1;
    let bestTime = NEVER;
    let bestOrder = NEVER;
    for (let i = 0; i < busyCount; i++) {
      const bank = busy[i]!;
      const oldestHit = hit[bank]!;
      if (oldestHit >= 0) {
        const time = Math.max(from, timing.earliest(access, bank));
        if (time < bestTime || (time === bestTime && order[oldestHit]! < bestOrder)) {
          best = oldestHit;
          bestTime = time;
          bestOrder = order[oldestHit]!;
        }
      }
      const oldestOther = other[bank]!;
      if (oldestOther < 0) continue;
      const closed = openRow[bank]! < 0;
      if (!closed) {
        if (anyActive && activeIn[bank]! > 0) continue;
        if (this.rowHitFirst && oldestHit >= 0 && arrive[oldestHit]! <= arrive[oldestOther]!) continue;
      }
      const time = Math.max(from, timing.earliest(closed ? codes.open : codes.close, bank));
      if (time < bestTime || (time === bestTime && order[oldestOther]! < bestOrder)) {
        best = oldestOther;
        bestTime = time;
        bestOrder = order[oldestOther]!;
      }
    }
    this.#planned = true;
    this.#planSlot = best;
    this.#planTime = bestTime;
  }
}
