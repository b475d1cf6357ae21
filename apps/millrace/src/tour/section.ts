/** Stops of the tour that have a table of their own: each runs a system on real data and shows its rows in three forms. */
import type { Markup } from "../report/markup.ts";
import type { JsonValue } from "../terminal/json.ts";
import type { TourTensors } from "./tour-tensors.ts";

/** What a stop may use. */
export interface SectionContext {
  readonly tensors: TourTensors;
  readonly seed: number;
  /** Milliseconds since some moment, for figures that are measured. */
  now(): number;
  /** Told before each variant; throws if the user asked to stop. */
  begin(variant: string): void;
}

/** What a stop gave. */
export interface SectionRun {
  /** As text, with an empty line before it. */
  readonly table: string;
  /** As values, one row for each variant, each with `stop`, `variant` and `checked`. */
  readonly rows: readonly JsonValue[];
  /** As a section of the report. */
  readonly section: Markup;
  /** How many checked values are wrong: any makes the tour fail. */
  readonly differing: number;
}

/** A stop. */
export type TourSection = (context: SectionContext) => SectionRun | Promise<SectionRun>;
