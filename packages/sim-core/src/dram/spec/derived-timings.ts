/**
 * Timings that follow from others in profile `r20`: cycles from nanoseconds, refreshing from the density of a chip, the
 * activation window from its width.
 *
 * Source: JEDEC JESD79-3, -4, -5, JESD235 and JESD238 as tabulated by Ramulator 2.0.
 */
import { ddr4Openings } from "./ddr4-openings.ts";
import { derivedTimingsR21, knownDensitiesR21 } from "./derived-timings-r21.ts";
import type { DramSpec } from "./dram-spec.ts";

/** Length of a cycle of a part that moves data on both edges, `rate` in megatransfers per second. */
export function cyclePicoseconds(rate: number): number {
  return Math.floor(1e6 / (rate / 2));
}

/** Cycles that `picoseconds` take, rounded as the standards say. */
export function cyclesOf(picoseconds: number, tCK: number, standard: string): number {
  const [factor, correction] = standard === "DDR5" ? [997, 1000] : [1000, 974];
  return Math.floor((Math.floor((picoseconds * factor) / tCK) + correction) / 1000);
}

type ByDensity = Readonly<Record<number, readonly number[]>>;

const hbm: ByDensity = {
  2048: [160],
  4096: [260],
  6144: [310],
  8192: [350],
  12288: [410],
  16384: [450],
  24576: [610],
  32768: [650],
};
// Nanoseconds of a refresh by megabits of a chip (HBM: of a channel): of all banks; DDR5 also fine and of the same banks.
const refreshNs: Readonly<Record<string, ByDensity>> = {
  DDR3: { 512: [90], 1024: [110], 2048: [160], 4096: [260], 8192: [350] },
  DDR4: { 2048: [160], 4096: [260], 8192: [360], 16384: [550] },
  DDR5: { 8192: [195, 130, 115], 16384: [295, 160, 130], 32768: [410, 220, 190] },
  HBM2: hbm,
  HBM3: hbm,
};
const refreshIntervalNs: Readonly<Record<string, number>> = {
  DDR3: 7800,
  DDR4: 7800,
  DDR5: 3900,
  HBM2: 3900,
  HBM3: 3900,
};

/** Megabits of a chip, or of a channel of HBM; `null` where the width of a chip is not known. */
export function densityMegabits({ standard, counts, chipWidthBits }: DramSpec): number | null {
  if (chipWidthBits === null) return null;
  const first = standard.startsWith("HBM") ? 1 : 2;
  return (counts.slice(first).reduce((product, count) => product * count, 1) * chipWidthBits) / 2 ** 20;
}

/** Densities, in megabits, whose refreshing is known for the standard and profile of `spec`. */
export function knownDensities({ profile, standard }: DramSpec): number[] {
  if (profile === "r21") return knownDensitiesR21(standard);
  return Object.keys(refreshNs[standard] ?? {}).map(Number);
}

/** The timings of refreshing chips of `density`, and those between openings of rows, as far as they are known. */
export function derivedTimings(spec: DramSpec): Readonly<Record<string, number>> {
  const { standard, chipWidthBits, timing } = spec;
  if (spec.profile === "r21") return derivedTimingsR21(spec, densityMegabits(spec));
  const { tCK_ps: tCK, rate } = timing;
  const cycles = (ns: number): number => cyclesOf(ns * 1000, tCK!, standard);
  const derived: Record<string, number> = {};
  const interval = refreshIntervalNs[standard];
  if (interval !== undefined) derived.nREFI = cycles(interval);
  const [all, fine, same] = refreshNs[standard]?.[densityMegabits(spec) ?? 0] ?? [];
  if (all !== undefined && standard === "DDR5") {
    Object.assign(derived, { nRFC1: cycles(all), nRFC2: cycles(fine!), nRFCsb: cycles(same!) });
    Object.assign(derived, { nRFM1: cycles(all), nRFM2: cycles(fine!), nRFMsb: 2 * cycles(same!) });
  } else if (all !== undefined) {
    derived.nRFC = cycles(all);
    // The reference program takes it from the same table.
    if (standard.startsWith("HBM")) derived.nREFISB = derived.nRFC;
  }
  if (standard === "DDR4") Object.assign(derived, ddr4Openings(chipWidthBits, rate!));
  return derived;
}
