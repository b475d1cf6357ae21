/**
 * The controller of profile `r21` for parts with a bus for column and one for row commands: HBM2, HBM3, HBM4.
 *
 * Up to one command of each bus per tick, the column command first.
 */
import { ChannelR21 } from "./channel-r21.ts";

/** Distance from a rising edge to the falling edge that a row command is paired with, for opens and for the others. */
const OPEN_REACH = 3;
const ROW_REACH = 1;

/** A channel that issues up to one column and one row command per tick. */
export class ChannelHbm extends ChannelR21 {
  protected override schedule(clk: number): void {
    if (this.edges.isRising(clk)) this.#useColumnSlot(clk);
    if (this.maintenance.size > 0) {
      const command = this.maintenanceNeeds();
      if (this.#maintenanceAt(command, clk) > clk) return;
      const { bank } = this.maintenance;
      this.issueMaintenance(command, clk);
      this.rowIssued(command, bank, clk);
    } else if (this.held) this.clearHeld(clk);
    else {
      if (this.modeChanges) this.writing = !this.writing;
      const { candidates } = this;
      if (candidates.restsAt(clk)) return;
      candidates.chooseRow(clk);
      if (candidates.time > clk) return;
      const { slot } = candidates;
      const command = this.needs(slot);
      const bank = this.pool.bank[slot]!;
      this.issueRequest(slot, command, clk, clk + 1);
      this.rowIssued(command, bank, clk);
    }
  }

  protected override get choosesAfterAccess(): boolean {
    return true;
  }

  #useColumnSlot(clk: number): void {
    this.planActive(clk);
    let slot = this.activeSlot;
    if (this.activeTime > clk) {
      if (this.maintenance.size > 0 || this.held) return;
      if (this.modeChanges) this.writing = !this.writing;
      const { candidates } = this;
      if (candidates.restsAt(clk)) return;
      candidates.chooseHit(clk);
      if (candidates.time > clk) return;
      slot = candidates.slot;
    }
    this.issueRequest(slot, this.needs(slot), clk, clk);
  }

  /** First tick, `from` at the earliest, for `command` of the oldest maintenance request. */
  #maintenanceAt(command: number, from: number): number {
    const { codes, edges, maintenance } = this;
    const time = Math.max(from, this.maintenanceTime(command));
    if (time === Number.POSITIVE_INFINITY) return time;
    if (command === codes.close) return edges.closing(time, maintenance.bank, false);
    return command === codes.closeAll ? edges.closing(time, maintenance.bank, true) : edges.rising(time);
  }

  protected override rowIssued(command: number, bank: number, clk: number): void {
    const { codes } = this;
    const wide = command === codes.closeAll || command === codes.refreshAll;
    const edge = this.edges.remember(clk, command === codes.open ? OPEN_REACH : ROW_REACH, bank, wide);
    if (edge >= 0) this.paired(edge, this.edges.released);
  }

  protected override planNext(from: number): number {
    this.planActive(from);
    const next = this.activeTime;
    if (this.maintenance.size > 0) return Math.min(next, this.#maintenanceAt(this.maintenanceNeeds(), from));
    if (this.held) return Math.min(next, this.clearHeldAt(from));
    if (this.modeChanges) return from;
    this.candidates.choose(from);
    return Math.min(next, this.candidates.time);
  }

  /** Only accesses: an active request whose row was closed waits for good. */
  protected override mayServeActive(_slot: number, command: number): boolean {
    return command === this.codes.read || command === this.codes.write;
  }
}
