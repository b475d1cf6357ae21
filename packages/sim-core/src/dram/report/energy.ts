/**
 * Energy of commands from the currents of a data sheet.
 *
 * Each command costs what its current adds to the standby current while it lasts. Standby itself is not modelled, so it
 * is absent from the result rather than 0.
 *
 * The sums are those of DRAMsim3 (umd-memsys/DRAMsim3 at 2981759), whose results the tests compare.
 */
import type { DramSpec } from "../spec/dram-spec.ts";

/** Supply and currents of one chip, under their names in data sheets. */
export interface ChipCurrents {
  readonly vddVolts: number;
  /** Milliamperes: one bank opened and closed all the time; standby with banks closed, and open. */
  readonly idd0: number;
  readonly idd2n: number;
  readonly idd3n: number;
  /** Milliamperes: reading, writing, and refreshing all banks, all the time. */
  readonly idd4r: number;
  readonly idd4w: number;
  readonly idd5ab: number;
}

/** Picojoules per command, of all chips that act together. */
export interface CommandEnergies {
  /** Opening a row, with the closing that must follow. */
  readonly activate: number;
  readonly read: number;
  readonly write: number;
  readonly refreshAll: number;
}

/** Ticks that the sums need; those of a spec unless a table has its own. */
export interface EnergyTicks {
  readonly nRAS: number;
  readonly nRP: number;
  readonly nBL: number;
  readonly nRFC: number;
  readonly tickPicoseconds: number;
}

/** The ticks of `spec`, or `null` where it lacks one. */
export function energyTicks(spec: DramSpec): EnergyTicks | null {
  const { nRAS, nRP, nBL, nRFC, nRFC1, tCK_ps } = spec.timing;
  const refresh = nRFC ?? nRFC1;
  if (nRAS === undefined || nRP === undefined || nBL === undefined || refresh === undefined) return null;
  return { nRAS, nRP, nBL, nRFC: refresh, tickPicoseconds: tCK_ps! };
}

/** Energy of each command for `chips` chips with these currents. */
export function commandEnergies(currents: ChipCurrents, ticks: EnergyTicks, chips: number): CommandEnergies {
  const { vddVolts, idd0, idd2n, idd3n, idd4r, idd4w, idd5ab } = currents;
  const { nRAS, nRP, nBL, nRFC, tickPicoseconds } = ticks;
  // Volts times milliamperes times nanoseconds are picojoules.
  const scale = (vddVolts * chips * tickPicoseconds) / 1000;
  return {
    activate: scale * (idd0 * (nRAS + nRP) - (idd3n * nRAS + idd2n * nRP)),
    read: scale * (idd4r - idd3n) * nBL,
    write: scale * (idd4w - idd3n) * nBL,
    refreshAll: scale * (idd5ab - idd3n) * nRFC,
  };
}

/** Picojoules by kind of command, and their sum; standby is not in it. */
export interface EnergyReport {
  readonly activate: number;
  readonly read: number;
  readonly write: number;
  readonly refresh: number;
  readonly commands: number;
}

/** Energy of `commands`, counts by name as a channel summary has them. */
export function energyOf(commands: Readonly<Record<string, number>>, energies: CommandEnergies): EnergyReport {
  const count = (...names: string[]): number => names.reduce((sum, name) => sum + (commands[name] ?? 0), 0);
  const activate = count("ACT", "ACT1") * energies.activate;
  const read = count("RD", "RDA") * energies.read;
  const write = count("WR", "WRA") * energies.write;
  const refresh = count("REFab") * energies.refreshAll;
  return { activate, read, write, refresh, commands: activate + read + write + refresh };
}
