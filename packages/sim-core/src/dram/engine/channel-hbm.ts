/**
 * The controller of profile `r21` for parts with a bus for column and one for row commands: HBM2, HBM3, HBM4.
 *
 * Up to one command of each bus per tick, the column command first. In parts simulated in half clocks commands go with
 * the rising edge, the odd ticks; closes alone may go with a falling edge too, subject to the row command before it.
 */

import type { DramSpec } from "../spec/dram-spec.ts";
import type { ControllerOptions } from "./channel.ts";
import { ChannelR21 } from "./channel-r21.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** A channel that issues up to one column and one row command per tick. */
export class ChannelHbm extends ChannelR21 {
  readonly #halfClocks: boolean;
  readonly #banksPerPseudochannel: number;
  // First active request whose access is ready, and when.
  #activeSlot = -1;
  #activeTime = NEVER;
  // First queued access, and first queued open or close; to be searched anew unless planned.
  #columnPlanned = false;
  #columnSlot = -1;
  #columnTime = NEVER;
  #rowPlanned = false;
  #rowSlot = -1;
  #rowTime = NEVER;
  // The last row command of a rising edge: where, and the falling edge it is paired with.
  #pairedEdge = -1;
  #pairedBank = 0;
  #pairedWide = false;

  constructor(spec: DramSpec, index: number, options: ControllerOptions) {
    super(spec, index, options);
    this.#halfClocks = spec.ticksPerClock === 2;
    this.#banksPerPseudochannel = this.timing.banksBelow(1);
  }

  protected override schedule(clk: number): void {
    const rising = !this.#halfClocks || clk % 2 === 1;
    if (rising) this.#useColumnSlot(clk);
    if (this.maintenance.size > 0) this.#tryMaintenance(clk);
    else {
      this.#chooseMode();
      if (!this.#rowPlanned) this.#planRow(clk);
      if (this.#rowTime > clk) return;
      const slot = this.#rowSlot;
      const command = this.needs(slot);
      this.issueRequest(slot, command, clk);
      this.#remember(command, this.pool.bank[slot]!, clk);
    }
  }

  #useColumnSlot(clk: number): void {
    if (this.#activeSlot < 0) this.#planActive(clk);
    let slot = this.#activeSlot;
    if (this.#activeTime > clk) {
      if (this.maintenance.size > 0) return;
      this.#chooseMode();
      if (!this.#columnPlanned) this.#planColumn(clk);
      if (this.#columnTime > clk) return;
      slot = this.#columnSlot;
    }
    this.issueRequest(slot, this.needs(slot), clk);
  }

  #chooseMode(): void {
    if (!this.modeChanges) return;
    this.writing = !this.writing;
    this.#columnPlanned = false;
    this.#rowPlanned = false;
  }

  #tryMaintenance(clk: number): void {
    const command = this.maintenanceNeeds();
    if (this.#maintenanceAt(command, clk) > clk) return;
    const { bank } = this.maintenance;
    this.issueMaintenance(command, clk);
    this.#remember(command, bank, clk);
  }

  /** First tick, `from` at the earliest, for `command` of the oldest maintenance request. */
  #maintenanceAt(command: number, from: number): number {
    return this.#align(command, this.maintenance.bank, Math.max(from, this.maintenanceTime(command)));
  }

  #remember(command: number, bank: number, clk: number): void {
    if (!this.#halfClocks || clk % 2 === 0) return;
    const { codes } = this;
    this.#pairedEdge = clk + (command === codes.open ? 3 : 1);
    this.#pairedBank = bank;
    this.#pairedWide = command === codes.closeAll || command === codes.refreshAll;
  }

  /** First tick from `time` on whose edge takes `command` for `bank`. */
  #align(command: number, bank: number, time: number): number {
    if (!this.#halfClocks || time % 2 === 1 || time === NEVER) return time;
    const { codes } = this;
    if (command !== codes.close && command !== codes.closeAll) return time + 1;
    if (time !== this.#pairedEdge) return time;
    const size = this.#banksPerPseudochannel;
    if (Math.floor(bank / size) !== Math.floor(this.#pairedBank / size)) return time;
    const free = command === codes.close && !this.#pairedWide && bank !== this.#pairedBank;
    return free ? time : time + 1;
  }

  protected override planNext(from: number): number {
    if (this.#activeSlot < 0) this.#planActive(from);
    let next = this.#activeTime;
    if (this.maintenance.size > 0) return Math.min(next, this.#maintenanceAt(this.maintenanceNeeds(), from));
    if (this.modeChanges) return from;
    if (!this.#columnPlanned) this.#planColumn(from);
    if (!this.#rowPlanned) this.#planRow(from);
    if (this.#columnTime < next) next = this.#columnTime;
    return this.#rowTime < next ? this.#rowTime : next;
  }

  protected override forget(): void {
    this.#columnPlanned = false;
    this.#rowPlanned = false;
    this.#activeSlot = -1;
    this.#activeTime = NEVER;
  }

  protected override queued(slot: number): void {
    const from = this.clk + 1;
    if (this.maintenance.size > 0) return;
    if (this.modeChanges) this.next = Math.min(this.next, from);
    if ((this.pool.write[slot] === 1) !== this.writing) return;
    const bank = this.pool.bank[slot]!;
    const command = this.needs(slot);
    const { codes } = this;
    if (command === codes.read || command === codes.write) {
      if (this.rowHitFirst) this.#rowPlanned = false;
      if (!this.#columnPlanned) return;
      const time = this.#align(command, bank, Math.max(from, this.timing.earliest(command, bank)));
      if (time < this.#columnTime) {
        this.#columnTime = time;
        this.#columnSlot = slot;
      }
    } else if (this.rowHitFirst) this.#rowPlanned = false;
    else if (this.#rowPlanned) {
      if (command === codes.close && this.activeCount > 0 && this.activeIn[bank]! > 0) return;
      const time = this.#align(command, bank, Math.max(from, this.timing.earliest(command, bank)));
      if (time < this.#rowTime) {
        this.#rowTime = time;
        this.#rowSlot = slot;
      }
    }
    if (!this.#rowPlanned) this.#planRow(from);
    this.next = Math.min(this.next, this.#columnTime, this.#rowTime);
  }

  #planActive(from: number): void {
    const { active, timing, pool, codes } = this;
    let best = -1;
    let bestTime = NEVER;
    for (let i = 0; i < this.activeCount; i++) {
      const slot = active[i]!;
      const command = this.needs(slot);
      if (command === codes.open || command === codes.close) continue;
      const bank = pool.bank[slot]!;
      const time = this.#align(command, bank, Math.max(from, timing.earliest(command, bank)));
      if (time > bestTime) continue;
      if (time < bestTime || pool.arrive[slot]! < pool.arrive[best]!) {
        best = slot;
        bestTime = time;
      }
    }
    this.#activeSlot = best;
    this.#activeTime = bestTime;
  }

  #planColumn(from: number): void {
    const { timing, codes } = this;
    const { order } = this.pool;
    const { busy, busyCount, hit } = this.writing ? this.writes : this.reads;
    const access = this.writing ? codes.write : codes.read;
    let best = -1;
    let bestTime = NEVER;
    for (let i = 0; i < busyCount; i++) {
      const bank = busy[i]!;
      const slot = hit[bank]!;
      if (slot < 0) continue;
      const time = this.#align(access, bank, Math.max(from, timing.earliest(access, bank)));
      if (time < bestTime || (time === bestTime && order[slot]! < order[best]!)) {
        best = slot;
        bestTime = time;
      }
    }
    this.#columnPlanned = true;
    this.#columnSlot = best;
    this.#columnTime = bestTime;
  }

  #planRow(from: number): void {
    const { timing, codes, openRow, activeIn } = this;
    const { order, arrive } = this.pool;
    const { busy, busyCount, hit, other } = this.writing ? this.writes : this.reads;
    const anyActive = this.activeCount > 0;
    let best = -1;
    let bestTime = NEVER;
    for (let i = 0; i < busyCount; i++) {
      const bank = busy[i]!;
      const slot = other[bank]!;
      if (slot < 0) continue;
      const command = openRow[bank]! < 0 ? codes.open : codes.close;
      if (command === codes.close) {
        if (anyActive && activeIn[bank]! > 0) continue;
        if (this.rowHitFirst && hit[bank]! >= 0 && arrive[hit[bank]!]! <= arrive[slot]!) continue;
      }
      const time = this.#align(command, bank, Math.max(from, timing.earliest(command, bank)));
      if (time < bestTime || (time === bestTime && order[slot]! < order[best]!)) {
        best = slot;
        bestTime = time;
      }
    }
    this.#rowPlanned = true;
    this.#rowSlot = best;
    this.#rowTime = bestTime;
  }
}
