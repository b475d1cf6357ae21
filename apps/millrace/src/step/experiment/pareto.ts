/** Trade-offs of an experiment: which points no other beats in both costs, and how far candidates lie beyond the others. */
import { type Design, paretoFrontier, paretoImprovementDistance } from "@millrace/step-ir";
import type { FinishedPoint } from "./point.ts";

/** Ways to count bytes on chip. */
export type MemoryCount = "allocated" | "onDemand";

/** A point by its two costs. */
export interface ParetoPoint extends Design {
  readonly label: string;
  readonly candidate: boolean;
}

/** A trade-off of cycles against bytes on chip. */
export interface Pareto {
  readonly count: MemoryCount;
  readonly points: readonly ParetoPoint[];
  /** Labels of the points on the frontier, by rising cycles. */
  readonly frontier: readonly string[];
  /** For each candidate, its distance beyond the frontier of the other points. */
  readonly improvementDistance: Readonly<Record<string, number>>;
}

/** The trade-off of points that have both costs. */
export function paretoOf(finished: readonly FinishedPoint[], count: MemoryCount): Pareto {
  const points = finished.flatMap(({ label, candidate, cycles, onChipBytes, deadlock }): ParetoPoint[] => {
    const bytes = onChipBytes[count];
    return bytes === null || deadlock !== null ? [] : [{ label, candidate, cycles, bytes }];
  });
  const others = points.filter((point) => !point.candidate);
  const candidates = points.filter((point) => point.candidate);
  const distances =
    others.length === 0
      ? []
      : candidates.map((point) => [point.label, paretoImprovementDistance(point, others)] as const);
  return {
    count,
    points,
    frontier: paretoFrontier(points).map(({ label }) => label),
    improvementDistance: Object.fromEntries(distances),
  };
}
