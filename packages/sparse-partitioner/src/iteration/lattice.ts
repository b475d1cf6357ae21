/**
 * The merge lattice of one variable: which sets of sparse operands can still be merged together, from all of them down.
 *
 * A point stands for one loop, run while none of its operands is at its end; the points below it are the cases inside the
 * loop: which of them store the coordinate.
 */
import { isPresent } from "./sequence.ts";
import type { Formula } from "./statement.ts";

/** A set of sparse operands that may be present together. */
export type LatticePoint = readonly number[];

/**
 * The points of the lattice, larger ones first. `sparse` are the operands merged at this variable; all others count as
 * there. The empty set is a point where the formula needs no sparse operand at all.
 */
export function latticeOf(formula: Formula, sparse: readonly number[]): LatticePoint[] {
  const points: LatticePoint[] = [];
  for (let bits = 2 ** sparse.length - 1; bits >= 0; bits--) {
    const present = sparse.filter((_, at) => (bits >> at) & 1);
    const absent = new Set(sparse.filter((operand) => !present.includes(operand)));
    if (isPresent(formula, (operand) => !absent.has(operand))) points.push(present);
  }
  // Operands that a point holds but does not need are kept: their position must move on with the others.
  return points.sort((one, other) => other.length - one.length);
}

/** The points that lie below one: the cases inside its loop, the point itself first. */
export function pointsWithin(lattice: readonly LatticePoint[], point: LatticePoint): LatticePoint[] {
  return lattice.filter((other) => other.every((operand) => point.includes(operand)));
}
