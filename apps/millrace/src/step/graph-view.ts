/** A STeP program as a view of the studio. */
import { runOverlay, type SimulationReport } from "@millrace/sim-core";
import { insertBroadcasts, nameOf, type Program, type Stream } from "@millrace/step-ir";
import type { GraphEdge, GraphNode, GraphView } from "@millrace/studio";

/** The program as it is simulated, with a node for each copy of a stream; with the report of a run, what it did. */
export function stepGraphView(program: Program, report: SimulationReport | null): GraphView {
  const explicit = insertBroadcasts(program);
  const { times, traffic } = runOverlay(report);
  // A placeholder is where a stream comes back to: its readers read that stream.
  const source = (stream: Stream): Stream => {
    const fed = explicit.feedback.get(stream.node);
    return fed === undefined ? stream : source(fed);
  };
  const written = explicit.nodes.filter(({ operator }) => operator.name !== "placeholder");
  const nodes = written.map(({ id, operator }): GraphNode => {
    const counters = times.get(id);
    const label = id === operator.name ? id : `${id}\n${operator.name}`;
    return { id, label, kind: operator.name, ...(counters !== undefined && { counters }) };
  });
  const edges = written.flatMap(({ id, inputs }) =>
    inputs.map((input): GraphEdge => {
      const stream = source(input);
      return { from: stream.node, to: id, ...traffic.get(nameOf(stream)) };
    }),
  );
  return { ...(report !== null && { cycles: report.cycles }), nodes, edges };
}
