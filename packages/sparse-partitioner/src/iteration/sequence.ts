/**
 * Sequences: which coordinates of one variable a formula has to visit, as unions and intersections of what its operands
 * store.
 *
 * A product needs both sides, a sum either; an operand that lacks the variable, or stores it densely, is there everywhere.
 * A quotient is there where its numerator is.
 */
import type { Formula } from "./statement.ts";

/** How an operand takes part in one variable. */
export type Participation = "sparse" | "full";

/** What stands for the presence of an operand: known when compiling, or a value of the kernel. */
export type Presence<B> = boolean | B;

/** Boolean algebra over presences; `B` is a value of a kernel, or `never` where everything is known. */
export interface PresenceAlgebra<B> {
  readonly and: (left: B, right: B) => B;
  readonly or: (left: B, right: B) => B;
}

const known: PresenceAlgebra<never> = { and: (left) => left, or: (left) => left };

/** Whether a formula is there, given which operands are. */
export function presenceOf<B>(
  formula: Formula,
  operand: (operand: number) => Presence<B>,
  algebra: PresenceAlgebra<B>,
): Presence<B> {
  switch (formula.kind) {
    case "literal":
      return true;
    case "operand":
      return operand(formula.operand);
    case "negate":
      return presenceOf(formula.operand, operand, algebra);
    case "divide":
      return presenceOf(formula.left, operand, algebra);
    case "multiply": {
      const left = presenceOf(formula.left, operand, algebra);
      const right = presenceOf(formula.right, operand, algebra);
      if (left === false || right === false) return false;
      if (left === true) return right;
      return right === true ? left : algebra.and(left, right);
    }
    default: {
      const left = presenceOf(formula.left, operand, algebra);
      const right = presenceOf(formula.right, operand, algebra);
      if (left === true || right === true) return true;
      if (left === false) return right;
      return right === false ? left : algebra.or(left, right);
    }
  }
}

/** Whether a formula is there when just these operands are. */
export function isPresent(formula: Formula, present: (operand: number) => boolean): boolean {
  return presenceOf<never>(formula, present, known);
}

/** Whether every coordinate must be visited: the formula is there even where all sparse operands are not. */
export function visitsAll(formula: Formula, participation: (operand: number) => Participation): boolean {
  return isPresent(formula, (operand) => participation(operand) === "full");
}

/** Whether the sparse operands are all needed: the loop is a pure intersection. */
export function needsAll(formula: Formula, sparse: readonly number[]): boolean {
  return sparse.every((absent) => !isPresent(formula, (operand) => operand !== absent));
}
