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
      /** The value that says how many segments there are, or how many; else the largest id and one. */
      readonly count: string | undefined;
      readonly rows: number | undefined;
      /** A value with as many rows as there are segments. */
      readonly like: string | undefined;
    }
  | {
      /** Entry `e` of a sparse matrix is an id of bag `coordinates[e, 0]`; `shape[0]` bags. */
      readonly form: "rows-of-entries";
      readonly coordinates: string;
      readonly indices: string;
      readonly shape: string;
      readonly weights: string | undefined;
      /** Whether ids below 0 count as if they were not there. */
      readonly dropNegative: boolean;
      /** Whether weights that are not above 0 count as if they, and their ids, were not there. */
      readonly dropWeights: boolean;
    }
  | {
      readonly form: "coordinates";
      readonly coordinates: string;
      readonly values: string;
      readonly shape: string;
      readonly transposed: boolean;
    }
  | { readonly form: "dense-entries"; readonly matrix: string }
  | {
      readonly form: "ids";
      readonly indices: string;
      /** Whether ids below 0 count from the end of the table; else they are outside of it. */
      readonly fromEnd: boolean;
    };

/** One embedding operation of a model. */
export interface Lookup {
  readonly kind: "bag" | "gather" | "sddmm" | "fused";
  readonly reduce: "add" | "maximum" | "minimum";
  /** How weights meet rows, where there are any. */
  readonly combine: "none" | "multiply" | "add";
  /** What scores become before they weigh messages; fused products only. */
  readonly activation: "identity" | "sigmoid";
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
