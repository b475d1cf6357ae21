/** What raising finds in a model: one operation each, and where its operands come from. */
import type { Place } from "@millrace/model-import";

/** Where the bags of a lookup are told: by offsets, by a segment for each row, by coordinates of entries, or not at all. */
export type LookupSource =
  | {
      readonly form: "offsets";
      readonly indices: string;
      /** Absent where ids come as a matrix: each of its rows is a bag. */
      readonly offsets: string | undefined;
      readonly weights: string | undefined;
      readonly includeLastOffset: boolean;
      readonly paddingIndex: number | undefined;
    }
  | {
      readonly form: "segments";
      readonly indices: string;
      readonly segments: string;
      readonly weights: string | undefined;
      /** The value that says how many segments there are, or what result has that many rows; else the largest id and one. */
      readonly count: string | undefined;
      readonly rows: number | undefined;
    }
  | {
      readonly form: "coordinates";
      readonly coordinates: string;
      readonly values: string;
      readonly shape: string;
      readonly transposed: boolean;
    }
  | { readonly form: "dense-entries"; readonly matrix: string }
  | { readonly form: "ids"; readonly indices: string };

/** One embedding operation of a model. */
export interface Lookup {
  readonly kind: "bag" | "gather" | "sddmm";
  readonly reduce: "add" | "maximum";
  readonly finish: "none" | "mean" | "sqrtn" | "zero-empty";
  /** The value of the model that is the table. */
  readonly table: string;
  /** Whether the table is used with rows and columns exchanged. */
  readonly tableTransposed: boolean;
  /** The rows that looked-up rows meet; products of pairs only. */
  readonly x: string | undefined;
  readonly source: LookupSource;
  /** The value of the model that it gives. */
  readonly result: string;
  /** Names of the nodes that it stands for. */
  readonly nodes: readonly string[];
  readonly place: Place;
}
