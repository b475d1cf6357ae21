/**
 * Timing profiles: what a step of a block costs, and which of two forms a block takes.
 *
 * Token semantics do not depend on the profile; the figures below do.
 */

/** What blocks need to know of their profile. */
export interface BlockTiming {
  /** Whether an output is a register in front of the consumer's queue, which decides when a block stalls; see `Block.room`. */
  readonly registers: boolean;
  /** Cycles after the step that ends a block. */
  readonly doneCycles: number;
  /** Cycles from a root's step to its consumer's first chance to take the token. */
  readonly rootLatency: number;
  /** Whether a scanner of a compressed level goes on inside a fibre only while the next reference is there. */
  readonly scansWithNext: boolean;
  /** Whether a scanner spends a cycle and a token of its own on a missing reference. */
  readonly scansMissing: boolean;
  /** Whether an array passes a missing reference on as a missing value, instead of 0. */
  readonly keepsMissing: boolean;
  /** Cycles between a reducer's sum and the stop that follows it. */
  readonly stopAfterSumCycles: number;
  /** Cycles of a reducer for a missing value. */
  readonly missingValueCycles: number;
  /** Cycles of an accumulator for each piece of its sums but the last. */
  readonly flushCycles: number;
  /** Cycles of a coordinate dropper per inner token. */
  readonly dropCycles: number;
  /** Cycles of a level writer for a stop that follows a stop. */
  readonly repeatedStopCycles: number;
  /** Cycles of a value writer for a stop. */
  readonly valueStopCycles: number;
  /** Cycles of a value writer after the end. */
  readonly valueEndCycles: number;
}

/** A timing profile. */
export interface TimingProfile extends BlockTiming {
  readonly name: TimingProfileName;
  /** Whether a broadcast is a block of its own, with a hop; otherwise one output feeds several queues. */
  readonly broadcastBlocks: boolean;
  /** Whether joiners and accumulators have head registers in front, as the global-clock simulator builds them. */
  readonly globalClock: boolean;
}

/** The two profiles. */
export type TimingProfileName = "comal" | "sam-sync";
