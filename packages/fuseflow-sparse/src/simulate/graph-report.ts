import type { Deadlock, SimulationReport, Wait } from "@millrace/sim-core";
import type { SamGraph } from "../sam/graph.ts";
import { isPart, wholeOf } from "./global-clock-parts.ts";

/**
 * A machine's report in terms of the graph: only its blocks and edges, parts of blocks under their block's name, and queue
 * depths as they were asked for; `slack` is what a channel holds beyond that.
 */
export function reportOnGraph(report: SimulationReport, graph: SamGraph, slack: number): SimulationReport {
  const blocks = new Set(graph.blocks.map(({ id }) => id));
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const depth = (capacity: number | null): number | null => (capacity === null ? null : capacity - slack);
  const blockOf = (node: string): string => {
    if (!isPart(node)) return node;
    const whole = wholeOf(node);
    return edges.get(whole)?.to.block ?? whole;
  };
  const channelOf = (channel: string): string => (isPart(channel) ? wholeOf(channel) : channel);
  const onGraph = (wait: Wait): Wait => ({
    ...wait,
    node: blockOf(wait.node),
    channel: channelOf(wait.channel),
    owedBy: blockOf(wait.owedBy),
  });
  const waitsOnGraph = (deadlock: Deadlock): Deadlock => ({
    ...deadlock,
    cycle: deadlock.cycle.map(onGraph),
    capacity: depth(deadlock.capacity),
    channels: [...new Set(deadlock.channels.map(channelOf))],
    nodes: [...new Set(deadlock.nodes.map(blockOf))],
  });
  return {
    ...report,
    nodes: report.nodes.filter(({ id }) => blocks.has(id)),
    channels: report.channels
      .filter(({ id }) => edges.has(id))
      .map((channel) => ({ ...channel, capacity: depth(channel.capacity) })),
    deadlock: report.deadlock === null ? null : waitsOnGraph(report.deadlock),
  };
}
