/**
 * What a simulation tells: times by cause, traffic, and why it stopped if it stopped early.
 */
import type { Deadlock } from "../engine/deadlock.ts";
import type { Graph } from "../engine/graph.ts";
import type { MemoryReport } from "../memory/memory-report.ts";

/** Where the time of one node went: `busy + starved + blocked` is its final clock, `cycles`. */
export interface NodeReport {
  readonly id: string;
  /** Local time at the end. */
  readonly cycles: number;
  /** Cycles of work. */
  readonly busy: number;
  /** Cycles of waiting for tokens. */
  readonly starved: number;
  /** Cycles of waiting for free slots. */
  readonly blocked: number;
  /** Whether the node came to its end. */
  readonly finished: boolean;
}

/** Traffic of one channel. */
export interface ChannelReport {
  readonly id: string;
  /** Tokens written. */
  readonly tokens: number;
  /** Most tokens in the channel at once, in simulated time. */
  readonly highWater: number;
  /** Most tokens it may hold; `null` if unbounded. */
  readonly capacity: number | null;
}

/** The result of every simulation; plain values, so that it survives JSON. */
export interface SimulationReport {
  /** Elapsed cycles: the latest clock of all nodes. */
  readonly cycles: number;
  /** In graph order. */
  readonly nodes: readonly NodeReport[];
  /** In graph order. */
  readonly channels: readonly ChannelReport[];
  /** In graph order. */
  readonly memories: readonly MemoryReport[];
  /** How often the engine ran a node: work of the host, not of the machine. */
  readonly activations: number;
  /** Why the simulation stopped early; `null` if every node came to its end. */
  readonly deadlock: Deadlock | null;
}

/** Reads the counters of a graph that has come to a standstill. */
export function takeReport(graph: Graph, activations: number, deadlock: Deadlock | null): SimulationReport {
  const nodes = graph.nodes.map((node): NodeReport => {
    const starved = node.inputs.reduce((sum, channel) => sum + channel.starvedCycles, 0);
    const blocked = node.outputs.reduce((sum, channel) => sum + channel.blockedCycles, 0);
    const { id, clock: cycles, finished } = node;
    return { id, cycles, busy: cycles - starved - blocked, starved, blocked, finished };
  });
  const channels = graph.channels.map((channel): ChannelReport => {
    const { id, tokens, highWater, capacity } = channel;
    return { id, tokens, highWater, capacity: capacity === Number.POSITIVE_INFINITY ? null : capacity };
  });
  const cycles = nodes.reduce((latest, node) => Math.max(latest, node.cycles), 0);
  const memories = graph.memories.map((memory) => memory.report());
  return { cycles, nodes, channels, memories, activations, deadlock };
}
