/** Habits of the published simulator that a machine need not have, as switches. */

/**
 * Where the published simulator and a plainer machine differ. The defaults are what reproduces the published cycles; the
 * burst memory has switches of its own, for its start-up and for how it spreads addresses.
 */
export interface Quirks {
  /**
   * Where a tile lies after a partition or a reassemble: in a `register`, so that only these two pay for reading it, or
   * still in `memory`, so that whoever comes next pays again. Default `register`.
   */
  readonly routedTiles: "register" | "memory";
  /**
   * Whether a linear load waits for a tile before it asks for the next (`one-tile`, the default) or has two under way
   * (`two-tiles`).
   */
  readonly loads: "one-tile" | "two-tiles";
  /**
   * The order in which a reassemble takes the groups that a selector chooses: that of the `selector` (the default), or that
   * of their `arrival`, ties from the lowest input on. `TimedResults.orders` tells it to `interpret`.
   */
  readonly reassemble: "selector" | "arrival";
}

/** The quirks with what was left out. */
export function quirksOf(given: Partial<Quirks> = {}): Quirks {
  return { routedTiles: "register", loads: "one-tile", reassemble: "selector", ...given };
}
