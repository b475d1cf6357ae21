/** Designs by what they cost and give: any number of axes, some of them with a goal. */
import * as v from "valibot";
import { checked } from "../read/checked.ts";
import { numbersOrNull } from "./numbers.ts";

/** An axis of a {@link PointsView}. */
export interface PointsAxis {
  readonly name: string;
  /** Unit of its values; empty for plain numbers. */
  readonly unit: string;
  /** Which way is better, where either is. */
  readonly goal?: "minimize" | "maximize";
}

/** A design. */
export interface DesignPoint {
  readonly label: string;
  /** A value for each axis; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Designs of one group look alike. */
  readonly group?: string;
}

/** Designs to choose from. */
export interface PointsView {
  /** At least two. */
  readonly axes: readonly PointsAxis[];
  readonly points: readonly DesignPoint[];
}

const schema = v.pipe(
  v.object({
    axes: v.pipe(
      v.array(
        v.object({
          name: v.string(),
          unit: v.string(),
          goal: v.exactOptional(v.picklist(["minimize", "maximize"])),
        }),
      ),
      v.minLength(2, "expected at least two axes"),
    ),
    points: v.array(v.object({ label: v.string(), values: numbersOrNull, group: v.exactOptional(v.string()) })),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { axes, points } = dataset.value;
    const wrong = points.findIndex(({ values }) => values.length !== axes.length);
    if (wrong < 0) return;
    addIssue({ message: `point ${wrong} has ${points[wrong]!.values.length} values on ${axes.length} axes` });
  }),
);

/**
 * Designs from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readPointsView(document: unknown): PointsView {
  return checked(schema, document, "points");
}
