/** A program before and after each step of its compilation. */
import * as v from "valibot";
import { checked } from "../read/checked.ts";
import { type GraphView, graphSchema } from "./graph.ts";

/** The program as one pass left it; the first stage is what went in. */
export interface PassStage {
  readonly name: string;
  /** Whether the pass changed anything; passes that did not are folded. */
  readonly changed: boolean;
  /** Why, in the words of the pass. */
  readonly note?: string;
  readonly text?: string;
  readonly graph?: GraphView;
}

/** The stages of a compilation in their order. */
export interface PassesView {
  readonly stages: readonly PassStage[];
}

const schema = v.object({
  stages: v.array(
    v.object({
      name: v.string(),
      changed: v.boolean(),
      note: v.exactOptional(v.string()),
      text: v.exactOptional(v.string()),
      graph: v.exactOptional(graphSchema),
    }),
  ),
});

/**
 * Passes from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readPassesView(document: unknown): PassesView {
  return checked(schema, document, "passes");
}
