/** Operator programs: each value is made once, by an operator or as an input. */
import type { Dim } from "./dim.ts";

/** One operator with its settings, the values it takes and the values it makes. */
export type Op = { readonly in: readonly string[]; readonly out: readonly string[] } & (
  | { readonly op: "Map"; readonly fn: string }
  | { readonly op: "Accum"; readonly fn: string; readonly b: number }
  | { readonly op: "Scan"; readonly fn: string; readonly b: number }
  | { readonly op: "Zip" }
  | { readonly op: "Promote"; readonly b: number }
  | { readonly op: "Flatten"; readonly levels: readonly number[] }
  | { readonly op: "Repeat"; readonly n: Dim }
  | { readonly op: "RepeatRef" }
  | { readonly op: "Bufferize"; readonly a: number }
  | { readonly op: "Streamify" }
  | { readonly op: "Copy" }
  | { readonly op: "Partition"; readonly n: Dim }
  | { readonly op: "MapEach"; readonly fns: readonly string[] }
  | { readonly op: "Merge"; readonly fn: string }
);

/** The name of an operator. */
export type OpName = Op["op"];

/** How many values each operator takes and makes. */
export const arity: Readonly<Record<OpName, { readonly in: number; readonly out: number }>> = {
  Map: { in: 1, out: 1 },
  Accum: { in: 1, out: 1 },
  Scan: { in: 1, out: 1 },
  Zip: { in: 2, out: 1 },
  Promote: { in: 1, out: 1 },
  Flatten: { in: 1, out: 1 },
  Repeat: { in: 1, out: 1 },
  RepeatRef: { in: 2, out: 1 },
  Bufferize: { in: 1, out: 1 },
  Streamify: { in: 1, out: 1 },
  Copy: { in: 1, out: 2 },
  Partition: { in: 2, out: 1 },
  MapEach: { in: 1, out: 1 },
  Merge: { in: 2, out: 1 },
};

/** A program for a task: operators in order, and the values it returns. */
export interface OpProgram {
  readonly ops: readonly Op[];
  readonly returns: readonly string[];
  /** Where each operator stands in the text it was read from, as line and column from 1; parallel to `ops`. */
  readonly places?: readonly Place[];
}

/** A place in a text, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Most operators of a program that is judged. */
export const maximumOperators = 64;
