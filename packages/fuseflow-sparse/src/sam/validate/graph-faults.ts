import type { Diagnostic, DiagnosticBag, DiagnosticNote, Span } from "@millrace/ir-text";
import type { GraphPlaces } from "../located-graph.ts";

/** Rules that a graph can break; the codes of `validateGraph`'s diagnostics. */
export type GraphRule =
  | "id-repeated"
  | "block-malformed"
  | "block-missing"
  | "port-unknown"
  | "port-repeated"
  | "input-unconnected"
  | "kind-mismatch"
  | "tensor-missing"
  | "level-missing"
  | "level-format"
  | "tensor-mismatch"
  | "cycle"
  | "depth"
  | "shape-mismatch"
  | "extra-reduce"
  | "missing-value-drop"
  | "missing-coordinate-drop"
  | "empty-fibers"
  | "output-incomplete"
  | "tile-mismatch";

/** What a fault is about. */
export interface FaultPlace {
  readonly block?: string | undefined;
  readonly edge?: string | undefined;
  readonly severity?: "warning";
  readonly help?: string | undefined;
  /** Further blocks that explain the fault. */
  readonly notes?: readonly { readonly message: string; readonly block: string }[];
}

/** Reports faults of a graph at the places of its parts, where those are known. */
export class GraphFaults {
  readonly #bag: DiagnosticBag;
  readonly #places: GraphPlaces | undefined;

  constructor(bag: DiagnosticBag, places: GraphPlaces | undefined) {
    this.#bag = bag;
    this.#places = places;
  }

  report(code: GraphRule, message: string, place: FaultPlace): void {
    const edgeSpan = place.edge === undefined ? undefined : this.#places?.edges.get(place.edge);
    const span = edgeSpan ?? this.#blockSpan(place.block);
    const notes = place.notes?.map(({ message: text, block }): DiagnosticNote => {
      const noteSpan = this.#blockSpan(block);
      return { message: text, ...(noteSpan === undefined ? {} : { span: noteSpan }) };
    });
    const diagnostic: Diagnostic = {
      severity: place.severity ?? "error",
      code,
      message,
      ...(span === undefined ? {} : { span }),
      ...(notes === undefined ? {} : { notes }),
      ...(place.help === undefined ? {} : { help: place.help }),
    };
    this.#bag.report(diagnostic);
  }

  #blockSpan(block: string | undefined): Span | undefined {
    return block === undefined ? undefined : this.#places?.blocks.get(block);
  }
}
