import type { Span } from "@millrace/ir-text";
import type { SamGraph } from "./graph.ts";

/** Where the parts of a graph stand in the text that they were read from. */
export interface GraphPlaces {
  /** By block id. */
  readonly blocks: ReadonlyMap<string, Span>;
  /** By edge id. */
  readonly edges: ReadonlyMap<string, Span>;
  /** By tensor name. */
  readonly tensors: ReadonlyMap<string, Span>;
}

/** A graph with the places of its parts, for messages. */
export interface LocatedGraph {
  readonly graph: SamGraph;
  readonly places: GraphPlaces;
}
