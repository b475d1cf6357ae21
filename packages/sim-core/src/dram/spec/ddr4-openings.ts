/** Distances of openings of rows in DDR4 by rate and width of a chip. Source: JEDEC JESD79-4. */

const rates = [1600, 1866, 2133, 2400, 2666, 2933, 3200];
// By width: the distance of two openings in another and in the same group, and the window of four.
const cycles: Readonly<Record<number, readonly (readonly number[])[]>> = {
  4: [
    [4, 4, 4, 4, 4, 4, 4],
    [5, 5, 6, 6, 7, 8, 8],
    [16, 16, 16, 16, 16, 16, 16],
  ],
  8: [
    [4, 4, 4, 4, 4, 4, 4],
    [5, 5, 6, 6, 7, 8, 8],
    [20, 22, 23, 26, 28, 31, 34],
  ],
  16: [
    [5, 5, 6, 7, 8, 8, 9],
    [6, 6, 7, 8, 9, 10, 11],
    [28, 28, 32, 36, 40, 44, 48],
  ],
};

/** `nRRDS`, `nRRDL` and `nFAW` of chips of this width; nothing for other widths and rates. */
export function ddr4Openings(chipWidthBits: number | null, rate: number): Readonly<Record<string, number>> {
  const rows = cycles[chipWidthBits ?? 0];
  const column = rates.indexOf(rate);
  if (rows === undefined || column < 0) return {};
  const [nRRDS, nRRDL, nFAW] = rows.map((row) => row[column]!) as [number, number, number];
  return { nRRDS, nRRDL, nFAW };
}
