import type { TimingProfile } from "./profile.ts";

/**
 * The global-clock simulator of SAM: every edge is a register, every block moves at most one token per port and cycle.
 *
 * Source: Hsu et al., "The Sparse Abstract Machine", ASPLOS 2023, and its simulator (github.com/weiya711/sam).
 */
export const samSync: TimingProfile = {
  name: "sam-sync",
  broadcastBlocks: false,
  globalClock: true,
  registers: true,
  doneCycles: 1,
  rootLatency: 0,
  scansWithNext: true,
  scansMissing: true,
  keepsMissing: false,
  stopAfterSumCycles: 1,
  missingValueCycles: 1,
  flushCycles: 1,
  dropCycles: 1,
  repeatedStopCycles: 1,
  valueStopCycles: 1,
  valueEndCycles: 0,
};
