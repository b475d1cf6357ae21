/**
 * The fusion table of a region: for every view and every intermediate result, loop by loop, where its stream comes from.
 *
 * Rows are the loops in their order, then the values. A cell is a recipe for a stream, or refers to another cell.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 6 and appendix B, figures 9 and 20.
 */

/** The stream of a column in a row, by place: `root` is before the first row. */
export interface CellPlace {
  /** Number of the column. */
  readonly column: number;
  readonly row: string;
}

/** One cell of a loop's row. */
export type FusionCell =
  /** Nothing yet: no loop of the column has been opened. */
  | { readonly kind: "root" }
  /** A level is scanned, from references of the row before. */
  | { readonly kind: "scan"; readonly from: string }
  /** References of the row before, once for each coordinate at `guide`. */
  | { readonly kind: "repeat"; readonly from: string; readonly guide: CellPlace }
  /** The stream of an earlier row: the loop is none of the column's. */
  | { readonly kind: "same"; readonly row: string }
  /** The stream of the operand that brings the loop. */
  | { readonly kind: "of"; readonly column: number }
  /** Coordinates that a sum over loops around this one makes: `order` kept loops lie inside the summed one. */
  | { readonly kind: "sum"; readonly order: number; readonly over: string; readonly port: number };

/** The cell of a column in the row of values. */
export type ValueCell =
  | { readonly kind: "read" }
  | {
      readonly kind: "operation";
      readonly operation: string;
      /** Numbers of the columns that are combined. */
      readonly operands: readonly number[];
    }
  | {
      readonly kind: "sum";
      readonly operation: "add" | "max";
      /** Kept loops inside the outermost reduced one; 0 is a scalar reduction. */
      readonly order: number;
      readonly over: readonly string[];
      /** What is reduced: an operation on columns, or one column as it is. */
      readonly of: { readonly operation: string | null; readonly operands: readonly number[] };
    };

/** A column: a view of a tensor, a result, or a use of a column before it. */
export interface FusionColumn {
  readonly name: string;
  readonly variables: readonly string[];
  readonly kind: "view" | "result" | "again";
  /** Column that is used again. */
  readonly again: number | null;
  /** One cell for each row; empty for a column that is used again. */
  readonly cells: readonly FusionCell[];
  readonly value: ValueCell | null;
  /** Loops inside, over which its values are repeated for what uses them. */
  readonly repeats: readonly CellPlace[];
}

/** Columns whose coordinates are joined in a row. */
export interface FusionJoin {
  readonly row: string;
  /** `follow`: coordinates of the first, with streams of the others where they have them. */
  readonly kind: "intersect" | "union" | "follow";
  /** Number of the column whose operation asks for it. */
  readonly result: number;
  /** Numbers of the columns, in program order. */
  readonly members: readonly number[];
  /** Whether every coordinate of the loop takes part too: the operation has values where nothing is stored. */
  readonly filled: boolean;
}

/** A fusion table. */
export interface FusionTable {
  readonly region: string;
  /** Loops, outermost first. */
  readonly rows: readonly string[];
  readonly columns: readonly FusionColumn[];
  readonly joins: readonly FusionJoin[];
}
