/** How a program is to be compiled: fusion regions, orders, lanes, blocks, memory. */

/** Lanes for one loop. */
export interface LaneRequest {
  readonly variable: string;
  readonly factor: number;
  /** `turns` deals coordinates in turn; `work` gives each lane about the same number of stored entries. */
  readonly balance?: "turns" | "work";
  /** Lane of the nth coordinate, over and over: what `work` comes to on given data. */
  readonly deal?: readonly number[];
}

/** The schedule of one region. */
export interface RegionSchedule {
  readonly name: string;
  /** Results computed in the region, in program order. */
  readonly tensors: readonly string[];
  /** Loops of the fused expression, outermost first; the first legal order unless given. */
  readonly order?: readonly string[];
  /** Loops of single results, outermost first, in the variables of the fused expression. */
  readonly orders?: Readonly<Record<string, readonly string[]>>;
  readonly parallel?: readonly LaneRequest[];
}

/** The schedule of a program. */
export interface FusionSchedule {
  readonly regions: readonly RegionSchedule[];
  /** Storage of inputs by name, in place of what the program says. */
  readonly formats?: Readonly<Record<string, string>>;
  /** Edge of the square tiles that values become, 1 to 64; unless given that of inputs stored in tiles, or 1. */
  readonly block?: number;
  /** `none`, `hbm-burst` or `dram:PRESET`. */
  readonly memory?: string;
  /** Look dense levels up instead of scanning and intersecting them. Default true. */
  readonly locate?: boolean;
  /** How results are stored; see `LowerRegionOptions`. Default `auto`. */
  readonly results?: "auto" | "compressed";
}

/**
 * The schedule with values in square tiles of edge `block`; 1 takes tiles apart. For searches: each size is another program.
 *
 * @example
 * withBlock({ regions: [] }, 16).block; // => 16
 */
export function withBlock(schedule: FusionSchedule, block: number): FusionSchedule {
  return { ...schedule, block };
}
