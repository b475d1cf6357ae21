import { type Diagnostic, DiagnosticBag, DiagnosticError } from "@millrace/ir-text";
import type { SamGraph } from "../graph.ts";
import type { GraphPlaces, LocatedGraph } from "../located-graph.ts";
import { checkConnections } from "./check-connections.ts";
import { checkOutputs } from "./check-outputs.ts";
import { checkTensors } from "./check-tensors.ts";
import { GraphFaults } from "./graph-faults.ts";
import { inferShapes } from "./shapes/stream-shapes.ts";
import { checkTiles } from "./tile-streams.ts";
import { orderBlocks, wiringOf } from "./wiring.ts";

/**
 * All faults of a graph, located by block or edge where `places` are known. A graph without an error can be run.
 *
 * Checked are: unique ids; every port known, connected once and to its kind of stream; tensors and levels; references that reach
 * the level they point into; no cycles; streams that line up in depth and stops; outputs whose coordinates and values are of the
 * same points; tiles of the axes that blocks work on. Codes are those of `GraphRule`. Nothing is repaired.
 *
 * @example
 * const { graph } = readGraphviz({ name: "sum.gv", text: 'digraph sum { 1 [type="reduce"] }' });
 * validateGraph(graph).map(({ code }) => code); // => ["input-unconnected"]
 */
export function validateGraph(graph: SamGraph, places?: GraphPlaces): readonly Diagnostic[] {
  const bag = new DiagnosticBag();
  const faults = new GraphFaults(bag, places);
  const wiring = wiringOf(graph);
  checkConnections(wiring, faults);
  const { order, cyclic } = orderBlocks(wiring);
  const [first] = cyclic;
  if (first !== undefined) {
    const ids = cyclic.slice(0, 8).map(({ id }) => id);
    const more = cyclic.length > ids.length ? ` and ${cyclic.length - ids.length} more` : "";
    const message = `blocks wait for each other in a cycle, or for one: ${ids.join(", ")}${more}`;
    faults.report("cycle", message, { block: first.id });
  }
  checkTensors(wiring, order, faults);
  const shapes = inferShapes(wiring, order, faults);
  checkOutputs(wiring, shapes, faults);
  checkTiles(wiring, order, faults);
  return bag.diagnostics;
}

/**
 * The graph, if it can be run.
 *
 * @throws {DiagnosticError} with all faults that {@link validateGraph} finds, if one is an error.
 */
export function checkGraph({ graph, places }: LocatedGraph): SamGraph {
  const diagnostics = validateGraph(graph, places);
  if (diagnostics.some(({ severity }) => severity === "error")) throw new DiagnosticError(diagnostics);
  return graph;
}
