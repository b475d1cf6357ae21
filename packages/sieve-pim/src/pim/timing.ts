/**
 * Timings of HBM3 whose banks compute, in cycles of the command clock.
 *
 * The figures are those of the presets of AttAcc's published simulator (scale-snu/attacc_simulator@c600051, MIT).
 */
import { nearest } from "@millrace/ir-text";
import { SieveError } from "../errors.ts";

/** One preset, all figures in cycles but the first two. */
export interface PimTiming {
  readonly name: string;
  readonly gigabitsPerSecond: number;
  /** Length of a cycle. */
  readonly tCKps: number;
  readonly nBL: number;
  readonly nCL: number;
  readonly nRCD: number;
  readonly nRP: number;
  readonly nRAS: number;
  readonly nRC: number;
  readonly nWR: number;
  readonly nRTPS: number;
  readonly nRTPL: number;
  readonly nCWL: number;
  readonly nCCDS: number;
  readonly nCCDL: number;
  /** Between MACs of all banks. */
  readonly nCCDAB: number;
  /** Between MACs of the same bank of all groups. */
  readonly nCCDSB: number;
  readonly nRRDS: number;
  readonly nRRDL: number;
  readonly nWTRS: number;
  readonly nWTRL: number;
  readonly nRTW: number;
  readonly nFAW: number;
  readonly nRFC: number;
  readonly nRFCSB: number;
  readonly nREFI: number;
  readonly nRREFD: number;
}

// Rate, then the figures from nBL to nRREFD without nRFC; nCCDAB and nCCDSB are those under the limit on power.
const rows: readonly (readonly number[])[] = [
  [4.8, 2, 17, 17, 17, 41, 58, 20, 5, 8, 5, 2, 4, 6, 6, 2, 4, 8, 10, 3, 36, 240, 4680, 10],
  [5.2, 2, 19, 19, 19, 45, 63, 21, 6, 8, 6, 2, 4, 6, 6, 2, 4, 8, 11, 3, 39, 260, 5070, 11],
  [5.6, 2, 20, 20, 20, 48, 68, 23, 6, 9, 6, 2, 4, 6, 7, 2, 4, 9, 12, 3, 42, 280, 5460, 12],
  [6.0, 2, 21, 21, 21, 51, 72, 24, 6, 9, 6, 2, 4, 6, 7, 2, 4, 9, 12, 3, 45, 300, 5850, 12],
  [6.4, 2, 23, 23, 23, 55, 77, 26, 7, 10, 7, 2, 4, 7, 8, 2, 4, 10, 13, 3, 48, 320, 6240, 13],
];
// Of 8 Gb channels.
const REFRESH_PS = 350_000;
const UNLIMITED = 4;

function preset(row: readonly number[], limited: boolean): PimTiming {
  const at = (index: number): number => row[index]!;
  const tCKps = Math.floor(1e6 / ((at(0) * 1000) / 4));
  return {
    name: `HBM3_${at(0).toFixed(1)}Gbps${limited ? "" : "_NPC"}`,
    gigabitsPerSecond: at(0),
    tCKps,
    nBL: at(1),
    nCL: at(2),
    nRCD: at(3),
    nRP: at(4),
    nRAS: at(5),
    nRC: at(6),
    nWR: at(7),
    nRTPS: at(8),
    nRTPL: at(9),
    nCWL: at(10),
    nCCDS: at(11),
    nCCDL: at(12),
    nCCDAB: limited ? at(13) : UNLIMITED,
    nCCDSB: limited ? at(14) : UNLIMITED,
    nRRDS: at(15),
    nRRDL: at(16),
    nWTRS: at(17),
    nWTRL: at(18),
    nRTW: at(19),
    nFAW: at(20),
    nRFC: Math.floor((Math.floor((REFRESH_PS * 1000) / tCKps) + 974) / 1000),
    nRFCSB: at(21),
    nREFI: at(22),
    nRREFD: at(23),
  };
}

/** The presets: each rate with the limit on power and without (`_NPC`). */
export const pimTimings: readonly PimTiming[] = rows.flatMap((row) => [preset(row, true), preset(row, false)]);

/**
 * The preset called `name`.
 *
 * @throws {SieveError} `hardware` if there is none.
 *
 * @example
 * ```ts
 * timingNamed("HBM3_5.2Gbps").nRFC; // => 456
 * ```
 */
export function timingNamed(name: string): PimTiming {
  const found = pimTimings.find((timing) => timing.name === name);
  if (found !== undefined) return found;
  const names = pimTimings.map((timing) => timing.name);
  const similar = nearest(name, names);
  throw new SieveError("hardware", `no PIM timing is called "${name}"`, {
    path: "pim.timing",
    hint: similar === undefined ? `known are ${names.join(", ")}` : `did you mean ${similar}?`,
  });
}
