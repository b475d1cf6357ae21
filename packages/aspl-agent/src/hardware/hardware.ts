/** The machine that verified programs are timed on. */
export interface Hardware {
  /** Operations per cycle of each operator that computes; 64 unless given. */
  readonly flopsPerCycle?: number;
  /** Slots of every channel; 2 unless given. A program that would stand still gets deeper ones. More than 2 cost memory as far as they are used. */
  readonly depth?: number;
  /** Elements that are loaded or stored as one tile, at most; 1 unless given. The largest divisor of a stream counts. */
  readonly tileElements?: number;
  /**
   * How many units share the groups of an operator that computes, by its place in the program, in turn; 1 unless given.
   * Operators between a Partition and its Merge are not shared: how much they get only the data decide.
   */
  readonly lanes?: Readonly<Record<number, number>>;
}

/** The machine with what was left out. */
export function completeHardware(given: Hardware = {}): Required<Hardware> {
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { flopsPerCycle: 64, depth: 2, tileElements: 1, lanes: {}, ...known };
}
