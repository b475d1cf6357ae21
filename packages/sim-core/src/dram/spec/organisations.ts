/**
 * Organisations of chips by the names that Ramulator 2.0 has for them, such as `DDR4_8Gb_x8`.
 *
 * Banks, rows and columns are those of JEDEC JESD79-3, -4, -5, JESD235 and JESD238.
 */

/** How a chip, or a channel of HBM, is built. */
export interface Organisation {
  readonly name: string;
  readonly densityMegabits: number;
  readonly chipWidthBits: number;
  /** Counts from the level below the rank (HBM: below the channel) down to the column. */
  readonly counts: readonly number[];
}

const gigabit = 2 ** 30;

/** All organisations of a standard of profile `r20`; none for others. */
export function organisationsOf(standard: string): readonly Organisation[] {
  const all: Organisation[] = [];
  const add = (gigabits: number, chipWidthBits: number, counts: readonly number[]): void => {
    // The rows are what is left of the density.
    const other = counts.reduce((product, count) => product * count, chipWidthBits);
    const rows = (gigabits * gigabit) / other;
    const name = `${standard}_${gigabits}Gb${standard.startsWith("HBM") ? "" : `_x${chipWidthBits}`}`;
    const whole = [...counts.slice(0, -1), rows, counts.at(-1)!];
    all.push({ name, densityMegabits: gigabits * 1024, chipWidthBits, counts: whole });
  };
  if (standard === "HBM2" || standard === "HBM3") for (const size of [2, 4, 8]) add(size, 128, [2, 4, 4, 64]);
  for (const width of [4, 8, 16]) {
    if (standard === "DDR3") {
      for (const size of [1, 2, 4, 8])
        add(size, width, [8, (width === 4 ? 2048 : 1024) * (size === 8 && width < 16 ? 2 : 1)]);
    } else if (standard === "DDR4") {
      for (const size of [2, 4, 8, 16]) add(size, width, [width === 16 ? 2 : 4, 4, 1024]);
    } else if (standard === "DDR5") {
      for (const size of [8, 16, 32])
        add(size, width, [width === 16 ? 4 : 8, size === 8 ? 2 : 4, width === 4 ? 2048 : 1024]);
    }
  }
  return all;
}
