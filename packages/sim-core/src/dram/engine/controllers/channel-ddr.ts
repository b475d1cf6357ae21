/**
 * The controller of profile `r21` for parts with one command bus and one-step opening: DDR3, DDR4, DDR5.
 */
import { ChannelR21 } from "./channel-r21.ts";

/** A channel that issues one command per tick. */
export class ChannelDdr extends ChannelR21 {
  protected override schedule(clk: number): void {
    this.planActive(clk);
    if (this.activeTime <= clk) {
      const slot = this.activeSlot;
      this.issueRequest(slot, this.needs(slot), clk, clk + 1);
    } else if (this.maintenance.size > 0) {
      const command = this.maintenanceNeeds();
      if (this.maintenanceTime(command) <= clk) this.issueMaintenance(command, clk);
    } else if (this.held) this.clearHeld(clk);
    else {
      if (this.modeChanges) this.writing = !this.writing;
      const { candidates } = this;
      candidates.choose(clk);
      const { slot } = candidates;
      if (candidates.time <= clk) this.issueRequest(slot, this.needs(slot), clk, clk + 1);
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

  protected override mayServeActive(slot: number, command: number): boolean {
    return !(this.rowHitFirst && command === this.codes.close && this.#rowStillHit(slot));
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
}
