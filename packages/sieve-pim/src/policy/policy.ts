/** A rule that says which experts run on PIM, and on which side attention runs. */
import type { PartitionCost, TokenSplit } from "../placement/partition-cost.ts";

/** What a policy decides on: the experts of one GPU in one layer and step. */
export interface PlacementProblem {
  /** The cost by which the result is judged. */
  readonly cost: PartitionCost;
  /** Tokens of each of the GPU's experts. */
  readonly counts: ArrayLike<number>;
  /** 1 for experts whose weights PIM can read; all if absent. */
  readonly resident: ArrayLike<number> | undefined;
  /** Mean tokens of each expert over many steps, scaled to this one's; absent where only one step is known. */
  readonly average: ArrayLike<number> | undefined;
  /** Whether prompts are among the tokens. */
  readonly prefill: boolean;
}

/** On which side attention of the generating sequences runs: always there, or where it is faster for the run at hand. */
export type AttentionSide = "gpu" | "pim" | "faster";

/** A policy. */
export interface Policy {
  readonly id: string;
  /** The rule in a sentence. */
  readonly brief: string;
  readonly attention: AttentionSide;
  /** Whether it decides anew in each step, which takes the time of a decision. */
  readonly decides: boolean;
  /** Whether it looks at the average step. */
  readonly averages?: boolean;
  /** Writes 1 for each expert on PIM, 0 for the others, into `onPim`. Only experts with tokens that are resident may be chosen. */
  place(problem: PlacementProblem, onPim: Uint8Array): void;
  /** After `place`: the expert whose tokens go to both sides, if one does; `onPim` is 0 for it. Without it, experts stay whole. */
  split?(problem: PlacementProblem, onPim: Uint8Array): TokenSplit | null;
}

/** Whether PIM may take the expert. */
export function movable({ counts, resident }: PlacementProblem, expert: number): boolean {
  return counts[expert]! > 0 && (resident === undefined || resident[expert] === 1);
}
