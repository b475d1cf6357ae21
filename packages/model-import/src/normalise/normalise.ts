/** All passes in their order, each by name. */
import type { ModelGraph } from "../graph/model-graph.ts";
import { tagPatterns } from "../recognise/tag-patterns.ts";
import { canonicalAxes } from "./canonical-axes.ts";
import { dropDeadCode } from "./drop-dead-code.ts";
import { dropNoOps } from "./drop-no-ops.ts";
import { foldConstants } from "./fold-constants.ts";
import { inferShapes } from "./infer-shapes.ts";
import { mergeCommon } from "./merge-common.ts";

/** A pass from graph to graph. */
export type Pass = (graph: ModelGraph) => ModelGraph;

/** Every pass by its name, in the order in which {@link normalise} runs them. */
export const passes: Readonly<Record<string, Pass>> = {
  "infer-shapes": inferShapes,
  "fold-constants": foldConstants,
  "drop-no-ops": dropNoOps,
  "canonical-axes": canonicalAxes,
  "merge-common": mergeCommon,
  "drop-dead-code": dropDeadCode,
  "tag-patterns": tagPatterns,
};

/** Most rounds of passes: each removes something, or is the last. */
const mostRounds = 8;

/** The graph after all passes, run again while they find something; equal graphs stay equal. */
export function normalise(graph: ModelGraph): ModelGraph {
  let held = graph;
  for (let round = 0; round < mostRounds; round++) {
    const before = held.nodes.length;
    for (const pass of Object.values(passes)) held = pass(held);
    if (round > 0 && held.nodes.length === before) break;
  }
  return held;
}
