/**
 * The controller of profile `r21` for parts with one command bus and one-step opening: DDR3, DDR4, DDR5.
 */
import { BANK, ROW } from "../requests/request-pool.ts";
import { ChannelR21 } from "./channel-r21.ts";

/** A channel that issues one command per tick. */
export class ChannelDdr extends ChannelR21 {
  protected override schedule(now: number): void {
    this.planActive(now);
    if (this.activeTime <= now) {
      const request = this.activeRequest;
      this.issueRequest(request, this.needs(request), now, now + 1);
    } else if (this.maintenance.size > 0) {
      const command = this.maintenanceNeeds();
      if (this.maintenanceTime(command) <= now) this.issueMaintenance(command, now);
    } else if (this.held) this.clearHeld(now);
    else {
      if (this.modeChanges) this.writing = !this.writing;
      const { candidates } = this;
      candidates.choose(now);
      const { request } = candidates;
      if (candidates.time <= now) this.issueRequest(request, this.needs(request), now, now + 1);
    }
  }

  protected override planNext(from: number): number {
    this.planActive(from);
    if (this.activeTime <= from) return from;
    if (this.maintenance.size > 0) return Math.min(this.activeTime, this.maintenanceTime(this.maintenanceNeeds()));
    if (this.held) return Math.min(this.activeTime, this.clearHeldAt(from));
    if (this.modeChanges) return from;
    this.candidates.choose(from);
    return Math.min(this.activeTime, this.candidates.time);
  }

  protected override mayServeActive(request: number, command: number): boolean {
    return !(this.rowHitFirst && command === this.codes.close && this.#rowStillHit(request));
  }

  /** Whether an active request, no younger than `request`, hits the row that `request` would close. */
  #rowStillHit(request: number): boolean {
    const { active, cells, openRow } = this;
    const { arrive } = this.pool;
    const bank = cells[request + BANK]!;
    for (let i = 0; i < this.activeCount; i++) {
      const entry = active[i]!;
      if (cells[entry + BANK] !== bank || cells[entry + ROW] !== openRow[bank]) continue;
      if (arrive[entry >> 4]! <= arrive[request >> 4]!) return true;
    }
    return false;
  }
}
