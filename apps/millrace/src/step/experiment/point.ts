/** The points of an experiment: what they are called, and how one is run. */
import type { ExperimentResult } from "@millrace/step-ir";
import type { JsonValue } from "../../terminal/json.ts";

/** One design under test. */
export interface Point {
  /** What it is called in tables, such as `static:16`. */
  readonly label: string;
  /** Whether it is one of the designs that the paper is about, held against the others. */
  readonly candidate: boolean;
  /** Everything that decides its result; a finished point is known again by it. */
  readonly key: Readonly<Record<string, JsonValue>>;
  run(): ExperimentResult;
}

/** What is kept of a point that ran. */
export interface FinishedPoint {
  readonly label: string;
  readonly candidate: boolean;
  readonly key: Point["key"];
  readonly cycles: number;
  readonly offChipBytes: number | null;
  readonly onChipBytes: { readonly allocated: number | null; readonly onDemand: number | null };
  readonly computeUtilization: number;
  readonly flops: number;
  readonly allocatedFlopsPerCycle: number;
  readonly trafficBytes: number;
  readonly requests: number;
  readonly deadlock: JsonValue;
}

/** Runs a point. */
export function finish(point: Point): FinishedPoint {
  const { report, ...result } = point.run();
  const { label, candidate, key } = point;
  return { label, candidate, key, ...result, deadlock: report.deadlock as unknown as JsonValue };
}

/** The document of one point: its settings, then its figures. */
export function pointToJson({ label, candidate: _, key, ...figures }: FinishedPoint): Record<string, JsonValue> {
  return { ...key, label, ...(figures as unknown as Record<string, JsonValue>) };
}
