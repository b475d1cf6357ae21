/** Simulations as views of the studio: the graph with what its blocks and edges did, and the counters of both. */
import { describeBlock, type SamGraph } from "@millrace/fuseflow-sparse";
import type { SimulationReport } from "@millrace/sim-core";
import type { Counter, GraphEdge, GraphNode, GraphView } from "@millrace/studio";

/** What the view of one graph among several needs besides it. */
export interface GraphPart {
  /** Goes before all ids, so that graphs can stand side by side. */
  readonly prefix?: string;
  /** The group that holds its blocks. */
  readonly group?: string;
}

/** A SAM graph; with the report of a run, what it did. */
export function samGraphView(graph: SamGraph, report: SimulationReport | null, part: GraphPart = {}): GraphView {
  const { prefix = "", group } = part;
  const times = new Map(report?.nodes.map((node) => [node.id, node]));
  const traffic = channelsOf(report);
  const nodes = graph.blocks.map((block): GraphNode => {
    const time = times.get(block.id);
    return {
      id: prefix + block.id,
      label: describeBlock(block),
      kind: block.type,
      ...(group !== undefined && { group }),
      ...(time !== undefined && { counters: timesOf(time) }),
    };
  });
  const edges = graph.edges.map(
    ({ id, kind, from, to }): GraphEdge => ({
      from: prefix + from.block,
      to: prefix + to.block,
      label: kind,
      ...traffic.get(id),
    }),
  );
  return { ...(report !== null && { cycles: report.cycles }), nodes, edges };
}

/** Where the time of a node went, as counters of a graph's node. */
export function timesOf(node: SimulationReport["nodes"][number]): Record<string, number> {
  const { busy, starved, blocked } = node;
  return { busy, starved, blocked };
}

/** What travelled in each channel, as members of a graph's edge, by the channel's id. */
export function channelsOf(report: SimulationReport | null): ReadonlyMap<string, Partial<GraphEdge>> {
  return new Map(
    report?.channels.map(({ id, tokens, highWater, capacity }) => [
      id,
      { tokens, highWater, ...(capacity !== null && { capacity }) },
    ]),
  );
}

/** The counters of a run, or of the part of one that is called `part`. */
export function countersOf(report: SimulationReport, part?: string): readonly Counter[] {
  const cycles = { name: "cycles", unit: "cycles", value: report.cycles };
  const prefix = part === undefined ? "" : `${part}/`;
  return [
    part === undefined ? cycles : { ...cycles, owner: part },
    ...report.nodes.flatMap((node) =>
      Object.entries(timesOf(node)).map(([name, value]) => ({ name, unit: "cycles", value, owner: prefix + node.id })),
    ),
    ...report.channels.flatMap(({ id, tokens, highWater }) => [
      { name: "tokens", unit: "tokens", value: tokens, owner: prefix + id },
      { name: "high water", unit: "tokens", value: highWater, owner: prefix + id },
    ]),
    ...report.memories.flatMap(({ id, bytesRead, bytesWritten }) => [
      { name: "read", unit: "bytes", value: bytesRead, owner: prefix + id },
      { name: "written", unit: "bytes", value: bytesWritten, owner: prefix + id },
    ]),
  ];
}
