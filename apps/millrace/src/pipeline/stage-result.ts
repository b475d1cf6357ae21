/** What a stage gives. Plain data: it is kept in files and passed between threads. */
import type { ViewDocuments } from "@millrace/studio";
import type { JsonValue } from "../terminal/json.ts";

/** What was compared with what. */
export interface StageCheck {
  /** What the other side was: `the dense reference`. */
  readonly against: string;
  readonly compared: number;
  readonly differing: number;
  /** What is counted: `values`. */
  readonly unit: string;
}

/** A table of a stage, for the report and the studio. */
export interface StageTable {
  readonly title: string;
  /** Headings; rows run parallel to them. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

type StageViewKind = "graph" | "passes" | "text" | "study" | "points";

/** A document for the studio; tables are shown there without being asked for. */
export type StageView = {
  [Kind in StageViewKind]: {
    readonly id: string;
    readonly kind: Kind;
    readonly title: string;
    readonly document: ViewDocuments[Kind];
  };
}[StageViewKind];

/** Figures that depend on how long something took on this machine, kept apart from all others. */
export interface StageMeasurement {
  /** In one line. */
  readonly gave: string;
  readonly figures: Readonly<Record<string, number | string>>;
  readonly tables?: readonly StageTable[];
}

/** The result of a stage. */
export interface StageResult<Output = JsonValue> {
  /** What later stages take. */
  readonly output: Output;
  /** What the stage gave, in one line. */
  readonly gave: string;
  /** What was checked; a text says why nothing was. */
  readonly check: StageCheck | string;
  readonly tables?: readonly StageTable[];
  readonly views?: readonly StageView[];
  readonly measured?: StageMeasurement;
}
