import type { TimingProfile } from "./profile.ts";

/**
 * Comal: every block has its own clock, channels are unbounded, a token is readable a cycle after its step.
 *
 * Source: the Comal simulator (github.com/stanford-ppl/comal), built on Zhang et al., "The Dataflow Abstract Machine
 * Simulator Framework", ISCA 2024.
 */
export const comal: TimingProfile = {
  name: "comal",
  broadcastBlocks: true,
  globalClock: false,
  registers: false,
  doneCycles: 0,
  rootLatency: 1,
  scansWithNext: false,
  scansMissing: false,
  keepsMissing: true,
  stopAfterSumCycles: 0,
  missingValueCycles: 0,
  flushCycles: 0,
  dropCycles: 0,
  repeatedStopCycles: 0,
  valueStopCycles: 0,
  valueEndCycles: 1,
};
