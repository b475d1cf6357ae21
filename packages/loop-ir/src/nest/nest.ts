/**
 * A loop nest: what one *unit* of a kernel does, over named buffers and scalars. A kernel runs its nest once for each
 * unit `0 … units - 1`, in any order and on any number of threads; units meet only through buffers, and what they write
 * must not overlap. A nest is plain data: it can be printed, compared, rewritten and sent to another thread.
 *
 * Expressions have no effects. Locals are variables that statements set; loops carry values in them (see docs/adr).
 * The order of floating-point operations is part of the nest: no back end changes it.
 */
import type { ElementType, ScalarType, Type } from "./types.ts";

/** How a nest uses a buffer. */
export type Access = "read" | "write" | "read-write";

/** A named array that a kernel is given. */
export interface BufferDeclaration {
  readonly name: string;
  readonly element: ElementType;
  readonly access: Access;
  /** Least length, in entries, over scalars alone; a kernel refuses to start with a shorter array. */
  readonly extent?: Expression;
  /** Every entry `v` has `0 <= v < within`; checked before a run unless the caller vouches for it. Integers only. */
  readonly within?: Expression;
}

/** A named number that a kernel is given. */
export interface ScalarDeclaration {
  readonly name: string;
  readonly type: ScalarType;
}

/** A variable of the nest; the place in `Nest.locals` is its identity. */
export interface LocalDeclaration {
  readonly name: string;
  readonly type: Type;
}

/** What one unit does. Statements and expressions refer to buffers, scalars and locals by their place in these lists. */
export interface Nest {
  readonly name: string;
  readonly buffers: readonly BufferDeclaration[];
  readonly scalars: readonly ScalarDeclaration[];
  readonly locals: readonly LocalDeclaration[];
  readonly body: readonly Statement[];
}

/** `-x`, `|x|`, rounding to an integral float; `not` of a bool or mask, or of all bits of an integer; bit counts. */
export type UnaryOperator =
  | "negate"
  | "absolute"
  | "square-root"
  | "floor"
  | "ceiling"
  | "truncate"
  | "nearest"
  | "not"
  | "population-count"
  | "trailing-zeros";

/**
 * Arithmetic on two values of one type. Integer `divide` and `remainder` cut towards zero; by zero, or past the range,
 * they end the run with `division`. Float `minimum` and `maximum` give NaN if either is NaN, and -0 < +0. `and`, `or`
 * and `exclusive-or` are for integers, bools and masks; shifts take their count modulo the width.
 */
export type BinaryOperator =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "remainder"
  | "minimum"
  | "maximum"
  | "and"
  | "or"
  | "exclusive-or"
  | "shift-left"
  | "shift-right"
  | "shift-right-unsigned";

/** Comparisons; those of floats are false (`not-equal`: true) where either side is NaN. */
export type ComparisonOperator = "equal" | "not-equal" | "less" | "less-equal" | "greater" | "greater-equal";

/** How `reduce` joins the lanes, from lane 0 upwards: `((v0 + v1) + v2) + v3`. */
export type ReductionOperator = "add" | "multiply" | "minimum" | "maximum";

/** A value without effects. `type` is what it computes. */
export type Expression =
  | { readonly kind: "constant"; readonly type: ScalarType; readonly value: number | bigint | boolean }
  | { readonly kind: "local"; readonly type: Type; readonly local: number }
  | { readonly kind: "scalar"; readonly type: ScalarType; readonly scalar: number }
  /** The unit that runs; how many there are; which thread runs it (only to find scratch space). */
  | { readonly kind: "unit" | "units" | "worker"; readonly type: "i32" }
  /** Entries of a buffer. */
  | { readonly kind: "length"; readonly type: "i64"; readonly buffer: number }
  /** Entry `index` of a buffer, widened; for a vector type the entries from `index` on; lanes that `mask` leaves out are 0. */
  | {
      readonly kind: "load";
      readonly type: Type;
      readonly buffer: number;
      readonly index: Expression;
      readonly mask?: Expression;
    }
  | { readonly kind: "unary"; readonly type: Type; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly type: Type;
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "compare";
      readonly type: Type;
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** Both sides are computed; `condition` is a bool, or a mask that picks per lane. */
  | {
      readonly kind: "select";
      readonly type: Type;
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  /**
   * A scalar as another scalar: float to integer cuts towards zero and saturates (NaN gives 0), `i64` to `i32` wraps. Lanes
   * of `i32` become lanes of `f32`.
   */
  | { readonly kind: "convert"; readonly type: Type; readonly operand: Expression }
  /** A scalar in every lane. */
  | { readonly kind: "splat"; readonly type: Type; readonly operand: Expression }
  /** `0, 1, 2, …` in the lanes of an integer vector. */
  | { readonly kind: "iota"; readonly type: Type }
  /** The mask whose first `count` lanes are true; `count` is an i32. */
  | { readonly kind: "first-lanes"; readonly type: Type; readonly count: Expression }
  /** The value in one lane, given as a number. */
  | { readonly kind: "lane"; readonly type: Type; readonly operand: Expression; readonly lane: number }
  | {
      readonly kind: "reduce";
      readonly type: Type;
      readonly operator: ReductionOperator;
      readonly operand: Expression;
    };

/** An action. */
export type Statement =
  | { readonly kind: "set"; readonly local: number; readonly value: Expression }
  | {
      readonly kind: "store";
      readonly buffer: number;
      readonly index: Expression;
      readonly value: Expression;
      readonly mask?: Expression;
    }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly whenTrue: readonly Statement[];
      readonly whenFalse: readonly Statement[];
    }
  /**
   * `local` takes `from, from + step, …` while it is below `to`; both ends are computed once. The body must not set
   * it, and it has no meaning after the loop. `from`, `to` and `local` share an integer type; `step` is at least 1.
   */
  | {
      readonly kind: "for";
      readonly local: number;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: number;
      readonly body: readonly Statement[];
    }
  /** Runs `head`, then leaves the loop unless `condition` holds, then runs `body`, and so on. */
  | {
      readonly kind: "while";
      readonly head: readonly Statement[];
      readonly condition: Expression;
      readonly body: readonly Statement[];
    }
  /** A hint that `buffer[index]` will be read: `level` 1 is the nearest cache, 0 a read that will not be repeated. */
  | { readonly kind: "prefetch"; readonly buffer: number; readonly index: Expression; readonly level: 0 | 1 | 2 | 3 }
  /** Ends the run with `reason` unless `condition` holds. */
  | { readonly kind: "check"; readonly condition: Expression; readonly reason: FaultReason }
  /**
   * Ends the run unless the entries `index … index + lanes - 1` of a buffer exist; with `end`, those from `index` up to
   * but not including `end`, of which there may be none. `guardAccesses` puts these in.
   */
  | {
      readonly kind: "bound";
      readonly buffer: number;
      readonly index: Expression;
      readonly lanes: number;
      readonly end?: Expression;
    }
  /** Counts one step of the unit; only the interpreter reports steps. */
  | { readonly kind: "step" };

/** Why a run ended early. */
export type FaultReason =
  | { readonly code: "out-of-bounds"; readonly buffer: number }
  | { readonly code: "division" }
  | { readonly code: "fault"; readonly message: string };
