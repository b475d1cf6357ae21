/**
 * The controller of profile `r21` for parts with a bus for column and one for row commands: HBM2, HBM3, HBM4.
 *
 * Up to one command of each bus per tick, the column command first.
 */
import { BANK } from "../requests/request-pool.ts";
import { NEVER } from "../timing/ticks.ts";
import { ChannelR21 } from "./channel-r21.ts";

/** Distance from a rising edge to the falling edge that a row command is paired with, for opens and for the others. */
const OPEN_REACH = 3;
const ROW_REACH = 1;

/** A channel that issues up to one column and one row command per tick. */
export class ChannelHbm extends ChannelR21 {
  protected override schedule(now: number): void {
    if (this.edges.isRising(now)) this.#useColumnSlot(now);
    if (this.maintenance.size > 0) {
      const command = this.maintenanceNeeds();
      if (this.#maintenanceAt(command, now) > now) return;
      const { bank } = this.maintenance;
      this.issueMaintenance(command, now);
      this.rowIssued(command, bank, now);
    } else if (this.held) this.clearHeld(now);
    else {
      if (this.modeChanges) this.writing = !this.writing;
      const { candidates } = this;
      if (candidates.restsAt(now)) return;
      candidates.chooseRow(now);
      if (candidates.time > now) return;
      const { request } = candidates;
      const command = this.needs(request);
      const bank = this.cells[request + BANK]!;
      this.issueRequest(request, command, now, now + 1);
      this.rowIssued(command, bank, now);
    }
  }

  protected override get choosesAfterAccess(): boolean {
    return true;
  }

  #useColumnSlot(now: number): void {
    this.planActive(now);
    let request = this.activeRequest;
    if (this.activeTime > now) {
      if (this.maintenance.size > 0 || this.held) return;
      if (this.modeChanges) this.writing = !this.writing;
      const { candidates } = this;
      if (candidates.restsAt(now)) return;
      candidates.chooseHit(now);
      if (candidates.time > now) return;
      request = candidates.request;
    }
    this.issueRequest(request, this.needs(request), now, now);
  }

  /** First tick, `from` at the earliest, for `command` of the oldest maintenance request. */
  #maintenanceAt(command: number, from: number): number {
    const { codes, edges, maintenance } = this;
    const time = Math.max(from, this.maintenanceTime(command));
    if (time === NEVER) return time;
    if (command === codes.close) return edges.closing(time, maintenance.bank, false);
    return command === codes.closeAll ? edges.closing(time, maintenance.bank, true) : edges.rising(time);
  }

  protected override rowIssued(command: number, bank: number, now: number): void {
    const { codes } = this;
    const wide = command === codes.closeAll || command === codes.refreshAll;
    const edge = this.edges.remember(now, command === codes.open ? OPEN_REACH : ROW_REACH, bank, wide);
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
