/** Options of stages: what may be written for each, and how it is read. */
import type { JsonValue } from "../../terminal/json.ts";
import type { WrittenValue } from "../read/written-value.ts";

/** Where file names of a pipeline start, and how names that are written elsewhere become names from there. */
export interface OptionContext {
  /** Folder of the pipeline. */
  readonly folder: string;
}

/** One option. */
export interface OptionShape<Value extends JsonValue | undefined = JsonValue | undefined> {
  readonly brief: string;
  /** What is expected, as messages say it: `an integer from 1 to 64`. */
  readonly expects: string;
  /** What it is where nothing is written; `required` where something must be. */
  readonly fallback: { readonly value: Value } | "required";
  /** The value that is written; faults are reported to it, and give undefined. */
  read(written: WrittenValue, context: OptionContext): Value | undefined;
  /** The files that a value names, from the folder of the pipeline. */
  files?(value: Value): readonly string[];
}

/** Values of options by name. */
export type OptionValues<Options extends Readonly<Record<string, OptionShape>>> = {
  readonly [Name in keyof Options]: Options[Name] extends OptionShape<infer Value> ? Value : never;
};

/** Refuses a value that is not what the option expects. */
export function refuseOther(written: WrittenValue, expects: string): undefined {
  return written.refuse(`expected ${expects}, not ${written.kind}`);
}
