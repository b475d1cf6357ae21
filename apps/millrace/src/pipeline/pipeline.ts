/** A pipeline that was checked as a whole: every kind, option and reference in it is there. */
import type { JsonValue } from "../terminal/json.ts";
import type { StageKind } from "./stage-kind.ts";

/** A stage of a checked pipeline. */
export interface Stage {
  readonly name: string;
  readonly kind: StageKind;
  /** The stage that each input comes from. */
  readonly from: Readonly<Record<string, string>>;
  /** A value for every option of the kind; undefined where an option has none. */
  readonly options: Readonly<Record<string, JsonValue | undefined>>;
  /** Files that the options name, from the folder of the pipeline. */
  readonly files: readonly string[];
}

/** A pipeline that can run. */
export interface Pipeline {
  /** The name of its file without the ending. */
  readonly name: string;
  readonly title: string;
  readonly about: string | undefined;
  /** Folder that its files are named from. */
  readonly folder: string;
  /** Each stage behind those that it takes from; otherwise as they are written. */
  readonly stages: readonly Stage[];
}
