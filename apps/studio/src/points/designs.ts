/** Designs in columns, and which of them no other beats. */
import { paretoFront } from "@millrace/baco-tuner";
import type { PointsView } from "../view/points.ts";

/** What is wanted of an axis; `none` leaves it out of account. */
export type AxisGoal = "minimize" | "maximize" | "none";

/** Designs in columns. */
export interface Designs {
  readonly count: number;
  /** A column for each axis; NaN where a design has no value. */
  readonly columns: readonly Float64Array[];
  /** Names of groups in the order in which they come; designs without one are in the group of no name. */
  readonly groups: readonly string[];
  /** Group of each design. */
  readonly group: Uint16Array;
}

/** Puts designs into columns. */
export function designsOf({ axes, points }: PointsView): Designs {
  const groups = [...new Set(points.map(({ group = "" }) => group))];
  const places = new Map(groups.map((name, at) => [name, at]));
  return {
    count: points.length,
    columns: axes.map((_, axis) => Float64Array.from(points, ({ values }) => values[axis] ?? Number.NaN)),
    groups,
    group: Uint16Array.from(points, ({ group = "" }) => places.get(group)!),
  };
}

/** The designs of `among` that no other of them beats in all axes with a goal; those that lack a value take no part. */
export function frontOf({ columns }: Designs, goals: readonly AxisGoal[], among: readonly number[]): number[] {
  const costs = costColumns(columns, goals);
  if (costs.length === 0) return [];
  const whole = among.filter((at) => costs.every((column) => !Number.isNaN(column[at]!)));
  return paretoFront(whole.map((at) => costs.map((column) => column[at]!))).map((found) => whole[found]!);
}

/** The first design of `front` that is nowhere worse than the design `at`; undefined if none is. */
export function beatenBy(
  { columns }: Designs,
  goals: readonly AxisGoal[],
  { front, at }: { readonly front: readonly number[]; readonly at: number },
): number | undefined {
  const costs = costColumns(columns, goals);
  return front.find((other) => other !== at && costs.every((column) => column[other]! <= column[at]!));
}

/** Columns of which less is better. */
function costColumns(columns: readonly Float64Array[], goals: readonly AxisGoal[]): Float64Array[] {
  return columns.flatMap((column, axis) => {
    if (goals[axis] === "none") return [];
    return [goals[axis] === "maximize" ? column.map((value) => -value) : column];
  });
}
