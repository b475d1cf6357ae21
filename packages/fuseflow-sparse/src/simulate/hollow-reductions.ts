import { DiagnosticBag } from "@millrace/ir-text";
import type { SamGraph } from "../sam/graph.ts";
import { GraphFaults } from "../sam/validate/graph-faults.ts";
import { inferShapes } from "../sam/validate/shapes/stream-shapes.ts";
import { orderBlocks, wiringOf } from "../sam/validate/wiring.ts";
import type { Operands } from "./operand-arrays.ts";
import { indexExtents } from "./outputs/assemble-outputs.ts";

/**
 * The reductions without a guide that stand inside of a dense loop of no coordinates at all: stops are all they get, and
 * none of these ends a fibre to sum. Elsewhere a dense loop has no empty fibre, which is why lowering guides none inside it.
 */
export function hollowReductions(graph: SamGraph, operands: Operands): ReadonlySet<string> {
  const hollow = new Set<string>();
  const reductions = graph.blocks.filter(({ type }) => type === "reduce");
  if (reductions.length === 0) return hollow;
  const extents = indexExtents(graph, operands);
  if (![...extents.values()].includes(0)) return hollow;
  const wiring = wiringOf(graph);
  const { order } = orderBlocks(wiring);
  const { axes, byOutput } = inferShapes(wiring, order, new GraphFaults(new DiagnosticBag(), undefined));
  for (const { id } of reductions) {
    if (wiring.into.has(`${id}.crd`)) continue;
    const around = byOutput.get(`${id}.val`)?.axes ?? [];
    const empty = around.some((axis) => axes.origin(axis).dense && extents.get(axes.origin(axis).index) === 0);
    if (empty) hollow.add(id);
  }
  return hollow;
}
