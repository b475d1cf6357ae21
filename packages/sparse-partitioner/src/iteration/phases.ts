/**
 * Phases: where work has to be divided anew.
 *
 * Work counted from stored positions is exact only while everything counted is also visited. At an intersection subtrees
 * fall away, and what is left may lie in a few units; so the variables up to it make a phase of their own, whose
 * survivors are what the next phase divides.
 */
import { isPresent, visitsAll } from "./sequence.ts";
import type { Formula } from "./statement.ts";

/** An operand as the loops see it. */
export interface LoopOperand {
  /** Place in the loop order of the variable of each level, outermost level first. */
  readonly places: readonly number[];
  readonly sparse: readonly boolean[];
}

/** Variables `from` up to `to` of the loop order, divided together. */
export interface Phase {
  readonly from: number;
  readonly to: number;
  /**
   * Operands whose positions are the work, at the last variable of the phase that is not dense all over; none where the
   * coordinates themselves are the work.
   */
  readonly drivers: readonly number[];
}

/** The loops of a statement: a formula over operands, and how many variables they go over. */
export interface LoopNest {
  readonly formula: Formula;
  readonly operands: readonly LoopOperand[];
  readonly variables: number;
  /** Trailing variables that are never cut, because what lies below them is dense and all alike. */
  readonly uncut: number;
}

/** The phases of a loop nest, outermost first; variables after the last one are never cut. */
export function phasesOf(nest: LoopNest): Phase[] {
  const phases: Phase[] = [];
  const end = cutVariables(nest);
  let from = 0;
  for (let v = 0; v < end; v++) {
    const last = v === end - 1;
    if (!last && !discards(nest, v, end) && !beginsInside(nest, from, v + 1)) continue;
    phases.push({ from, to: v + 1, drivers: driversOf(nest, from, v + 1) });
    from = v + 1;
  }
  return phases;
}

function driversOf(nest: LoopNest, from: number, to: number): number[] {
  for (let v = to - 1; v >= from; v--) if (!isFull(nest, v)) return sparseAt(nest, v);
  return [];
}

/**
 * The operand that alone drives a first phase, so that its stored positions are the survivors; -1 where dense loops do,
 * undefined where operands are merged.
 */
export function soleDriver(nest: LoopNest, { from, to }: Phase): number | undefined {
  if (from > 0) return undefined;
  const drivers = new Set<number>();
  for (let v = 0; v < to; v++) {
    const merged = sparseAt(nest, v);
    if (merged.length > 0 && isFull(nest, v)) return undefined;
    for (const operand of merged) drivers.add(operand);
  }
  if (drivers.size === 0) return -1;
  const [only] = drivers;
  const { places } = nest.operands[only!]!;
  return drivers.size === 1 && Array.from({ length: to }, (_, v) => places.includes(v)).every(Boolean)
    ? only
    : undefined;
}

/** Operands with a sparse level at a variable. */
function sparseAt({ operands }: LoopNest, v: number): number[] {
  return operands.flatMap(({ places, sparse }, at) => (sparse[places.indexOf(v)] === true ? [at] : []));
}

/** Whether all coordinates of a variable are visited. */
export function isFull(nest: LoopNest, v: number): boolean {
  const sparse = sparseAt(nest, v);
  return visitsAll(nest.formula, (operand) => (sparse.includes(operand) ? "sparse" : "full"));
}

/** How many variables are cut: those up to the last that is not dense all over; all but the uncut ones if all are. */
function cutVariables(nest: LoopNest): number {
  for (let v = nest.variables - 1; v >= 0; v--) if (!isFull(nest, v)) return v + 1;
  return Math.max(Math.min(1, nest.variables), nest.variables - nest.uncut);
}

/** Whether some operand that still drives further in may store coordinates here that are not visited. */
function discards(nest: LoopNest, v: number, end: number): boolean {
  const sparse = sparseAt(nest, v);
  return nest.operands.some(({ places, sparse: kinds }, at) => {
    if (!places.includes(v) || !kinds.some((isSparse, l) => isSparse && places[l]! > v && places[l]! < end))
      return false;
    return !isPresent(nest.formula, (operand) => operand === at || !sparse.includes(operand));
  });
}

/** Whether an operand that drives at variable `v` lacks one of the phase's variables before it. */
function beginsInside(nest: LoopNest, from: number, v: number): boolean {
  if (isFull(nest, v)) return false;
  return sparseAt(nest, v).some((at) => {
    for (let u = from; u < v; u++) if (!nest.operands[at]!.places.includes(u)) return true;
    return false;
  });
}
