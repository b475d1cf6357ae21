/**
 * The controller of profile `r21` for LPDDR5: a row opens in two steps with a deadline between them, and the data clock
 * is started by a command of its own before an access after a pause.
 */
import { BANK, ORDER, ROW, WRITE, YOUNGER } from "../requests/request-pool.ts";
import { NEVER } from "../timing/ticks.ts";
import { ChannelR21 } from "./channel-r21.ts";

/** A channel that issues one command per tick; at most one row is half open. */
export class ChannelLpddr5 extends ChannelR21 {
  // The request whose row is half open, and the tick by which the second step should follow.
  #opening = -1;
  #deadline: number = NEVER;
  // The request for which the data clock was started, and the tick at which the clock stops.
  #clockedFor = -1;
  #clockEnd = 0;
  // Result of the last search.
  #request = -1;
  #time: number = NEVER;

  protected override moveEpoch(distance: number): number {
    const moved = super.moveEpoch(distance);
    if (this.#deadline < NEVER) this.#deadline -= moved;
    this.#clockEnd = Math.max(0, this.#clockEnd - moved);
    return moved;
  }

  override get idle(): boolean {
    return this.#opening < 0 && super.idle;
  }

  protected override get draining(): boolean {
    return this.#opening >= 0 || super.draining;
  }

  protected override schedule(now: number): void {
    const secondReady = this.#opening >= 0 && this.#secondTime() <= now;
    if (secondReady && now >= this.#deadline) this.#openSecond(now);
    else if (!this.#scheduleOrdinary(now) && secondReady) this.#openSecond(now);
  }

  /** Whether anything but the second step of opening was chosen. */
  #scheduleOrdinary(now: number): boolean {
    if (this.#clockedFor >= 0) {
      const request = this.#clockedFor;
      if (this.#accessTime(request) > now) return false;
      this.#access(request, now);
      return true;
    }
    this.#searchActive(now);
    if (this.#time > now) {
      if (this.maintenance.size > 0) return this.#tryMaintenance(now);
      if (this.held) {
        this.clearHeld(now);
        return false;
      }
      if (this.modeChanges) this.writing = !this.writing;
      this.#searchQueue(now);
      if (this.#time > now) return false;
    }
    const request = this.#request;
    const command = this.needs(request);
    if (command === this.codes.read || command === this.codes.write) this.#access(request, now);
    else this.issueRequest(request, command, now, now + 1);
    return true;
  }

  #secondTime(): number {
    return this.timing.earliest(this.codes.openSecond, this.cells[this.#opening + BANK]!);
  }

  #accessTime(request: number): number {
    return this.timing.earliest(this.needs(request), this.cells[request + BANK]!);
  }

  #tryMaintenance(now: number): boolean {
    const command = this.maintenanceNeeds();
    if (this.maintenanceTime(command) > now) return false;
    this.issueMaintenance(command, now);
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
    return Math.floor(this.cells[this.#opening + BANK]! / size) === Math.floor(bank / size);
  }

  /** The access of `request`, or first the start of the data clock. */
  #access(request: number, now: number): void {
    const { codes, cells, timing } = this;
    const { nCL, nCWL, nBL_min, nWCKPST } = this.spec.timing;
    if (now >= this.#clockEnd && this.#clockedFor < 0) {
      if (this.#opening >= 0 && this.#deadline <= now + 1) {
        if (this.#secondTime() <= now) this.#openSecond(now);
        return;
      }
      const bank = cells[request + BANK]!;
      const start = cells[request + WRITE] === 1 ? codes.clockWrite : codes.clockRead;
      if (timing.earliest(start, bank) > now) return;
      this.#clockedFor = request;
      this.issueRequest(request, start, now, now + 1);
      return;
    }
    this.#clockedFor = -1;
    const latency = cells[request + WRITE] === 1 ? nCWL! : nCL!;
    this.#clockEnd = Math.max(this.#clockEnd, now + latency + nBL_min! + nWCKPST!);
    this.issueRequest(request, this.needs(request), now, now + 1);
  }

  protected override opened(request: number, now: number): void {
    // An active request opens its row again if another closed it; its bank then counts it twice, as in the original.
    if (!this.removeActive(request)) this.leaveQueue(request);
    this.#opening = request;
    this.#deadline = now + this.spec.timing.nAAD!;
  }

  #openSecond(now: number): void {
    const request = this.#opening;
    const bank = this.cells[request + BANK]!;
    this.#opening = -1;
    this.recordRequest(this.codes.openSecond, request, now);
    this.timing.issue(this.codes.openSecond, bank, now);
    this.addActive(request);
    this.activeIn[bank]! += 1;
    this.setRow(bank, this.cells[request + ROW]!);
  }

  protected override queued(request: number): void {
    const from = this.now + 1;
    if (this.maintenance.size > 0 || this.held) return;
    if (this.modeChanges) this.due = Math.min(this.due, from);
    const bank = this.cells[request + BANK]!;
    this.due = Math.min(this.due, Math.max(from, this.timing.earliest(this.needs(request), bank)));
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
    const { active, timing, cells, codes } = this;
    const { arrive } = this.pool;
    let best = -1;
    let bestTime = NEVER;
    for (let i = 0; i < this.activeCount; i++) {
      const request = active[i]!;
      const bank = cells[request + BANK]!;
      const command = this.needs(request);
      if (this.#opening >= 0 && (command === codes.open || this.#opensBelow(this.spec.bankLevel, bank))) continue;
      const time = Math.max(from, timing.earliest(command, bank));
      if (time > bestTime) continue;
      if (time < bestTime || arrive[request >> 4]! < arrive[best >> 4]!) {
        best = request;
        bestTime = time;
      }
    }
    this.#request = best;
    this.#time = bestTime;
  }

  #searchQueue(from: number): void {
    const { codes, cells } = this;
    const { hits, opens, closes } = this.writing ? this.writes : this.reads;
    const access = this.writing ? codes.write : codes.read;
    this.#request = -1;
    this.#time = NEVER;
    for (let at = cells[hits + YOUNGER]!; at !== hits; at = cells[at + YOUNGER]!) this.#consider(at, access, from);
    // While one row is half open no other is opened.
    if (this.#opening < 0) {
      for (let at = cells[opens + YOUNGER]!; at !== opens; at = cells[at + YOUNGER]!)
        this.#consider(at, codes.open, from);
    }
    for (let at = cells[closes + YOUNGER]!; at !== closes; at = cells[at + YOUNGER]!) {
      if (this.#mayClose(at)) this.#consider(at, codes.close, from);
    }
  }

  /** Whether no active request needs the row that `request` would close, nor an older one of its buffer where that counts. */
  #mayClose(request: number): boolean {
    const bank = this.cells[request + BANK]!;
    if (this.activeCount > 0 && this.activeIn[bank]! > 0) return false;
    if (!this.rowHitFirst) return true;
    const hit = (this.writing ? this.writes : this.reads).hit(bank);
    const { arrive } = this.pool;
    return hit < 0 || arrive[hit >> 4]! > arrive[request >> 4]!;
  }

  #consider(request: number, command: number, from: number): void {
    const { cells } = this;
    const time = Math.max(from, this.timing.earliest(command, cells[request + BANK]!));
    if (time > this.#time) return;
    if (time === this.#time && cells[request + ORDER]! > cells[this.#request + ORDER]!) return;
    this.#request = request;
    this.#time = time;
  }
}
