/**
 * The controller of profile `r21` for LPDDR5: a row opens in two steps with a deadline between them, and the data clock
 * is started by a command of its own before an access after a pause.
 */
import { ChannelR21 } from "./channel-r21.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** A channel that issues one command per tick; at most one row is half open. */
export class ChannelLpddr5 extends ChannelR21 {
  // The request whose row is half open, and the tick by which the second step should follow.
  #opening = -1;
  #deadline = NEVER;
  // The request for which the data clock was started, and the tick at which the clock stops.
  #clockedFor = -1;
  #clockEnd = 0;
  // Result of the last search.
  #slot = -1;
  #time = NEVER;

  override get idle(): boolean {
    return this.#opening < 0 && super.idle;
  }

  protected override get draining(): boolean {
    return this.#opening >= 0 || super.draining;
  }

  protected override schedule(clk: number): void {
    const secondReady = this.#opening >= 0 && this.#secondTime() <= clk;
    if (secondReady && clk >= this.#deadline) this.#openSecond(clk);
    else if (!this.#scheduleOrdinary(clk) && secondReady) this.#openSecond(clk);
  }

  /** Whether anything but the second step of opening was chosen. */
  #scheduleOrdinary(clk: number): boolean {
    if (this.#clockedFor >= 0) {
      const slot = this.#clockedFor;
      if (this.#accessTime(slot) > clk) return false;
      this.#access(slot, clk);
      return true;
    }
    this.#searchActive(clk);
    if (this.#time > clk) {
      if (this.maintenance.size > 0) return this.#tryMaintenance(clk);
      if (this.held) {
        this.clearHeld(clk);
        return false;
      }
      if (this.modeChanges) this.writing = !this.writing;
      this.#searchQueue(clk);
      if (this.#time > clk) return false;
    }
    const slot = this.#slot;
    const command = this.needs(slot);
    if (command === this.codes.read || command === this.codes.write) this.#access(slot, clk);
    else this.issueRequest(slot, command, clk, clk + 1);
    return true;
  }

  #secondTime(): number {
    return this.timing.earliest(this.codes.openSecond, this.pool.bank[this.#opening]!);
  }

  #accessTime(slot: number): number {
    return this.timing.earliest(this.needs(slot), this.pool.bank[slot]!);
  }

  #tryMaintenance(clk: number): boolean {
    const command = this.maintenanceNeeds();
    if (this.maintenanceTime(command) > clk) return false;
    this.issueMaintenance(command, clk);
    return true;
  }

  protected override maintenanceNeeds(): number {
    const { maintenance, codes } = this;
    if (maintenance.command === codes.close || !this.#opensBelow(maintenance.level, maintenance.bank)) {
      return super.maintenanceNeeds();
    }
    return maintenance.command === codes.refreshAll ? codes.closeAll : codes.close;
  }

  protected override maintenanceTime(command: number): number {
    const { level, bank } = this.maintenance;
    return this.#opensBelow(level, bank) ? NEVER : super.maintenanceTime(command);
  }

  #opensBelow(level: number, bank: number): boolean {
    if (this.#opening < 0) return false;
    const size = this.timing.banksBelow(level);
    return Math.floor(this.pool.bank[this.#opening]! / size) === Math.floor(bank / size);
  }

  /** The access of `slot`, or first the start of the data clock. */
  #access(slot: number, clk: number): void {
    const { codes, pool, timing } = this;
    const { nCL, nCWL, nBL_min, nWCKPST } = this.spec.timing;
    if (clk >= this.#clockEnd && this.#clockedFor < 0) {
      if (this.#opening >= 0 && this.#deadline <= clk + 1) {
        if (this.#secondTime() <= clk) this.#openSecond(clk);
        return;
      }
      const bank = pool.bank[slot]!;
      const start = pool.write[slot] === 1 ? codes.clockWrite : codes.clockRead;
      if (timing.earliest(start, bank) > clk) return;
      this.#clockedFor = slot;
      this.issueRequest(slot, start, clk, clk + 1);
      return;
    }
    this.#clockedFor = -1;
    const latency = pool.write[slot] === 1 ? nCWL! : nCL!;
    this.#clockEnd = Math.max(this.#clockEnd, clk + latency + nBL_min! + nWCKPST!);
    this.issueRequest(slot, this.needs(slot), clk, clk + 1);
  }

  protected override opened(slot: number, clk: number): void {
    this.leaveQueue(slot, clk);
    this.#opening = slot;
    this.#deadline = clk + this.spec.timing.nAAD!;
  }

  #openSecond(clk: number): void {
    const slot = this.#opening;
    const bank = this.pool.bank[slot]!;
    this.#opening = -1;
    this.recordRequest(this.codes.openSecond, slot, clk);
    this.timing.issue(this.codes.openSecond, bank, clk);
    this.addActive(slot);
    this.activeIn[bank]! += 1;
    this.setRow(bank, this.pool.row[slot]!);
  }

  protected override queued(slot: number): void {
    const from = this.clk + 1;
    if (this.maintenance.size > 0 || this.held) return;
    if (this.modeChanges) this.next = Math.min(this.next, from);
    const bank = this.pool.bank[slot]!;
    this.next = Math.min(this.next, Math.max(from, this.timing.earliest(this.needs(slot), bank)));
  }

  protected override planNext(from: number): number {
    let next = this.#opening >= 0 ? Math.max(from, this.#secondTime()) : NEVER;
    if (this.#clockedFor >= 0) return Math.min(next, Math.max(from, this.#accessTime(this.#clockedFor)));
    this.#searchActive(from);
    next = Math.min(next, this.#time);
    if (this.maintenance.size > 0) {
      return Math.min(next, Math.max(from, this.maintenanceTime(this.maintenanceNeeds())));
    }
    if (this.held) return Math.min(next, this.clearHeldAt(from));
    if (this.modeChanges) return from;
    this.#searchQueue(from);
    return Math.min(next, this.#time);
  }

  #searchActive(from: number): void {
    const { active, timing, pool, codes } = this;
    let best = -1;
    let bestTime = NEVER;
    for (let i = 0; i < this.activeCount; i++) {
      const slot = active[i]!;
      const bank = pool.bank[slot]!;
      const command = this.needs(slot);
      if (this.#opening >= 0 && (command === codes.open || this.#opensBelow(this.spec.bankLevel, bank))) continue;
      const time = Math.max(from, timing.earliest(command, bank));
      if (time > bestTime) continue;
      if (time < bestTime || pool.arrive[slot]! < pool.arrive[best]!) {
        best = slot;
        bestTime = time;
      }
    }
    this.#slot = best;
    this.#time = bestTime;
  }

  #searchQueue(from: number): void {
    const { timing, codes, activeIn } = this;
    const { arrive, bank: banks } = this.pool;
    const { hit, hits, opens, closes } = this.writing ? this.writes : this.reads;
    const access = this.writing ? codes.write : codes.read;
    this.#slot = -1;
    this.#time = NEVER;
    for (let i = 0; i < hits.count; i++) {
      const slot = hits.slots[i]!;
      this.#consider(slot, Math.max(from, timing.earliest(access, banks[slot]!)));
    }
    // While one row is half open no other is opened.
    for (let i = 0; i < opens.count && this.#opening < 0; i++) {
      const slot = opens.slots[i]!;
      this.#consider(slot, Math.max(from, timing.earliest(codes.open, banks[slot]!)));
    }
    for (let i = 0; i < closes.count; i++) {
      const slot = closes.slots[i]!;
      const bank = banks[slot]!;
      if (this.activeCount > 0 && activeIn[bank]! > 0) continue;
      if (this.rowHitFirst && hit[bank]! >= 0 && arrive[hit[bank]!]! <= arrive[slot]!) continue;
      this.#consider(slot, Math.max(from, timing.earliest(codes.close, bank)));
    }
  }

  #consider(slot: number, time: number): void {
    if (time > this.#time || (time === this.#time && this.pool.order[slot]! > this.pool.order[this.#slot]!)) return;
    this.#slot = slot;
    this.#time = time;
  }
}
