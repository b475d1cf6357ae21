/**
 * Timings that follow from others in profile `r21`: refreshing from the density of a channel's chips, the distances of
 * openings from their width, all rounded up to whole clocks.
 *
 * Source: JEDEC JESD79-4, -5, JESD209-5, JESD235, JESD238, JESD270-4 as tabulated by Ramulator 2.1; densities of HBM and
 * LPDDR5 other than those of its recorded exports are left out.
 */
import { ddr4Openings } from "./ddr4-openings.ts";
import type { DramSpec } from "./dram-spec.ts";

/** Transfers per clock: the clock of commands is slower than that of data. */
const transfersPerClock: Readonly<Record<string, number>> = { HBM3: 4, HBM4: 4, LPDDR5: 8 };

/** Length of a clock of a part that moves `rate` megatransfers per second. */
export function clockPicoseconds(standard: string, rate: number): number {
  return Math.floor(((transfersPerClock[standard] ?? 2) * 1e6) / rate);
}

/** Ticks that `picoseconds` take: whole clocks, rounded up. */
export function ticksOf({ standard, ticksPerClock, timing }: DramSpec, picoseconds: number): number {
  const { rate, tCK_ps: tick } = timing;
  const clock = clockPicoseconds(standard, rate!);
  // A tick of half a clock is rounded down, so the clock itself is better told by the rate, where the two fit.
  const length = Math.floor(clock / ticksPerClock) === tick ? clock : tick! * ticksPerClock;
  return ticksPerClock * Math.ceil(picoseconds / length);
}

// Nanoseconds by megabits: of a refresh of all banks, and of one bank where there is that.
const refreshNs: Readonly<Record<string, Readonly<Record<number, readonly number[]>>>> = {
  DDR4: { 2048: [160], 4096: [260], 8192: [360], 16384: [550] },
  DDR5: { 8192: [195], 16384: [295], 32768: [410] },
  HBM2: { 16384: [350, 160] },
  HBM3: { 8192: [350, 200] },
  HBM4: { 8192: [450, 280] },
  LPDDR5: { 16384: [280, 140] },
};
// Nanoseconds between two of them.
const intervalNs: Readonly<Record<string, readonly number[]>> = {
  DDR4: [7800],
  DDR5: [3900],
  HBM2: [3900, 121.875],
  HBM3: [3900, 121.875],
  HBM4: [3900, 121.875],
  LPDDR5: [3906, 488],
};

/** Densities, in megabits, whose refreshing is known for a standard. */
export function knownDensitiesR21(standard: string): number[] {
  return Object.keys(refreshNs[standard] ?? {}).map(Number);
}

/** The timings of refreshing parts of `density` megabits, and those between openings of rows, as far as they are known. */
export function derivedTimingsR21(spec: DramSpec, density: number | null): Record<string, number> {
  const { standard, timing } = spec;
  const ticks = (ns: number): number => ticksOf(spec, ns * 1000);
  const derived: Record<string, number> = {};
  const [interval, bankInterval] = intervalNs[standard] ?? [];
  if (interval !== undefined) derived.nREFI = ticks(interval);
  if (bankInterval !== undefined) derived.nREFIpb = ticks(bankInterval);
  const [all, bank] = refreshNs[standard]?.[density ?? 0] ?? [];
  if (all !== undefined) derived.nRFC = ticks(all);
  if (bank !== undefined) derived.nRFCpb = ticks(bank);
  if (all !== undefined && timing.nRFMab !== undefined) derived.nRFMab = ticks(all);
  if (bank !== undefined && timing.nRFMpb !== undefined) derived.nRFMpb = ticks(bank);
  return { ...derived, ...openings(spec) };
}

function openings({ standard, chipWidthBits, timing }: DramSpec): Readonly<Record<string, number>> {
  if (standard === "DDR4") return ddr4Openings(chipWidthBits, timing.rate!);
  if (standard !== "DDR5" || timing.rate !== 4800 || chipWidthBits === null) return {};
  // Windows of 20 ns, and of 25 ns for the larger pages of wide chips.
  return { nRRDS: 8, nRRDL: 12, nFAW: chipWidthBits <= 8 ? 48 : 60 };
}
