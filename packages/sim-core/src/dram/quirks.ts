/**
 * Oddities of the reference programs that change figures, each a switch. A profile turns on its own.
 */
import type { Profile } from "./spec/dram-spec.ts";

/** Which oddities are reproduced. */
export interface DramQuirks {
  /** `r20`: only parts with a level named rank are refreshed, so HBM never is. */
  readonly refreshNeedsRank: boolean;
  /** `r20`: buffers take one entry more than their size. */
  readonly extraBufferEntry: boolean;
  /** `r20`: one read leaves per tick, in order; the others wait although their data is there. */
  readonly oneRetirementPerTick: boolean;
  /** `r20`: requests are counted at each attempt, refused or not. */
  readonly countRefusals: boolean;
  /** `r20`: a read answered from the write buffer counts as if it had arrived at tick -1. */
  readonly forwardedArriveEarly: boolean;
  /** `r20`: a close that an active request forbids stays the choice and keeps younger requests from issuing. */
  readonly blockedCloseHolds: boolean;
  /** `r21`: a request that must open its row a second time is counted twice as active, and its bank stays marked. */
  readonly reopenedCountsTwice: boolean;
}

const r20: DramQuirks = {
  refreshNeedsRank: true,
  extraBufferEntry: true,
  oneRetirementPerTick: true,
  countRefusals: true,
  forwardedArriveEarly: true,
  blockedCloseHolds: true,
  reopenedCountsTwice: false,
};

const r21: DramQuirks = {
  refreshNeedsRank: false,
  extraBufferEntry: false,
  oneRetirementPerTick: false,
  countRefusals: false,
  forwardedArriveEarly: false,
  blockedCloseHolds: false,
  reopenedCountsTwice: true,
};

/** The oddities of a profile, with some turned on or off. */
export function quirksOf(profile: Profile, changes: Partial<DramQuirks> = {}): DramQuirks {
  return { ...(profile === "r20" ? r20 : r21), ...changes };
}
