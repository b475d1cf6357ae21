/** What the lowering is told: loops, operands and result, without any of their contents. */
import type { Formula } from "../iteration/statement.ts";

/** A stored operand, its levels dense or compressed. */
export interface SpecOperand {
  /** Name of its buffers in the nest. */
  readonly name: string;
  /** Place in the loop order of the variable of each level, outermost level first. */
  readonly places: readonly number[];
  readonly sparse: readonly boolean[];
}

/** Subtrees that an earlier phase found: they drive the first `depth` variables and say where each operand stands below. */
export interface SurvivorSpec {
  readonly depth: number;
  /** Operands with a sparse level at one of those variables: others are found by their coordinates. */
  readonly operands: readonly number[];
}

/** How the result comes about. */
export type ResultSpec =
  /** Every element has a place, by the loop variables in `storage`, outermost first; sums are made below `rowDepth`. */
  | {
      readonly kind: "dense";
      readonly storage: readonly number[];
      readonly rowDepth: number;
      readonly reduces: boolean;
    }
  /** An element, or a row of them over the variables in `tail`, for each position of an operand's level `depth - 1`. */
  | {
      readonly kind: "aligned";
      readonly operand: number;
      readonly depth: number;
      readonly tail: readonly number[];
      readonly reduces: boolean;
    }
  /** Entries are appended at loop variable `leafDepth - 1`; below it lie dense levels and sums. */
  | {
      readonly kind: "append";
      readonly leafDepth: number;
      readonly tail: readonly number[];
      readonly reduces: boolean;
      readonly eagerRows: boolean;
    }
  /** Rows of `rowDepth` coordinates are added up in a workspace over one variable. */
  | {
      readonly kind: "workspace";
      readonly rowDepth: number;
      readonly variable: number;
      readonly bitLevels: number;
      readonly eagerRows: boolean;
    }
  /** Positions of operands at the last variable: what the next phase divides. */
  | { readonly kind: "survivors"; readonly operands: readonly number[] };

/** The loops of one phase. */
export interface LoopSpec {
  readonly name: string;
  /** Names of the loop variables, in order; the phase goes over all of them. */
  readonly variables: readonly string[];
  readonly formula: Formula;
  readonly operands: readonly SpecOperand[];
  readonly survivors?: SurvivorSpec;
  readonly result: ResultSpec;
  /** How many leading variables units are cut along; 0 for one unit that does everything. */
  readonly cutVariables: number;
  /** Only count entries, rows and steps; nothing else is stored. */
  readonly countOnly: boolean;
}

/** Where the parts of one record of the clamp table lie; records are as long as `size`. */
export interface ClampLayout {
  readonly size: number;
  /** Place of the coordinate of variable v; `+ cutVariables` holds where a loop up to it ends. */
  readonly coordinate: (v: number) => number;
  /** How many leading coordinates it takes to tell the cut from the start of the node it lies in. */
  readonly depth: number;
  /** Place of the first position at or after the cut of an operand's level; the next entry holds where a loop ends. */
  readonly position: (operand: number, level: number) => number;
}

/** An operand's level that is clamped. */
export interface ClampSlot {
  /** Number of the operand; -1 for the survivors. */
  readonly operand: number;
  readonly level: number;
}

/** The sparse levels at cut variables, in the order of their places in the clamp table. */
export function clampSlots({ operands, survivors, cutVariables }: LoopSpec): ClampSlot[] {
  const covered = survivors?.depth ?? 0;
  const slots: ClampSlot[] = [];
  for (let level = 0; level < Math.min(covered, cutVariables); level++) slots.push({ operand: -1, level });
  operands.forEach(({ places, sparse }, operand) => {
    places.forEach((place, level) => {
      if (sparse[level] && place >= covered && place < cutVariables) slots.push({ operand, level });
    });
  });
  return slots;
}

/** The layout of the clamp table of a phase. */
export function clampLayout(spec: LoopSpec): ClampLayout {
  const { cutVariables } = spec;
  const slots = clampSlots(spec);
  const first = 2 * cutVariables + 1;
  return {
    size: first + 2 * slots.length,
    coordinate: (v) => v,
    depth: 2 * cutVariables,
    position: (operand, level) =>
      first + 2 * slots.findIndex((slot) => slot.operand === operand && slot.level === level),
  };
}

/** How many of an operand's levels belong to the first `depth` variables, of those that it is reached through in order. */
export function coveredLevels(places: readonly number[], depth: number): number {
  const first = places.findIndex((place) => place >= depth);
  return first < 0 ? places.length : first;
}

const counting = new WeakMap<LoopSpec, LoopSpec>();
const late = new WeakMap<LoopSpec, LoopSpec>();

/** The same loops, only counting; one object for each. */
export function countingSpec(spec: LoopSpec): LoopSpec {
  const known = counting.get(spec) ?? { ...spec, countOnly: true };
  counting.set(spec, known);
  return known;
}

/** The same loops with rows recorded instead of ended at once; one object for each. */
export function lateRowsSpec(spec: LoopSpec): LoopSpec {
  const { result } = spec;
  if (!("eagerRows" in result)) return spec;
  const known = late.get(spec) ?? { ...spec, result: { ...result, eagerRows: false } };
  late.set(spec, known);
  return known;
}
