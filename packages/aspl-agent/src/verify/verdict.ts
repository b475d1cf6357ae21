/** What the verifier says of a program. */
import type { ProgramCost } from "../hardware/cost.ts";
import type { Place } from "../program/program.ts";

/** Why a program is refused, in the order in which it is asked; `ok` if it is not. */
export type VerdictKind = "ok" | "parse" | "type" | "affine" | "outputType" | "numeric" | "limit";

/** Sizes of a program that could be read. */
export interface ProgramMetrics {
  readonly operators: number;
  readonly copies: number;
  /** Costs on the machine that the verifier times right programs on; absent without one. */
  readonly cost?: ProgramCost;
  /** Why there is a machine and no cost. */
  readonly untimed?: string;
}

/** A verdict. */
export interface Verdict {
  readonly verdict: VerdictKind;
  /** The operator at fault, from 0; `null` if none is. */
  readonly at: number | null;
  /** What is wrong and what was expected; `null` if nothing is. */
  readonly message: string | null;
  /** The place in the text, for programs in the paper's syntax. */
  readonly place: Place | null;
  /** The value that is used more than once. */
  readonly value: string | null;
  /** Where the numbers are furthest off: the set, the output, the position among its numbers, and by how much. */
  readonly worst: {
    readonly set: string;
    readonly output: number;
    readonly index: number;
    readonly error: number;
  } | null;
  readonly metrics: ProgramMetrics | null;
}
