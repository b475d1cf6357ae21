/**
 * What a graph that stopped early waits for.
 *
 * When no node can run, each unfinished node waits for one channel: for a token that its writer owes, or for a slot
 * that its reader must free. Following these waits from a node ends in a cycle or at a finished node.
 */
import type { Channel } from "../channel/channel.ts";
import type { Engine } from "./engine.ts";
import type { Node } from "./node.ts";

/** One node of a wait: `node` waits for a token or a slot of `channel`, which the next node owes it. */
export interface Wait {
  readonly node: string;
  readonly channel: string;
  readonly waitsFor: "token" | "slot";
  /** The node at the other end of the channel. */
  readonly owedBy: string;
}

/** Why a simulation stopped before all nodes had finished. */
export interface Deadlock {
  /** `wait-cycle`: nodes wait for each other; `starvation`: a node waits for one that has finished. */
  readonly kind: "wait-cycle" | "starvation";
  /** The waits of the cycle, from its node of least index on; for starvation, the waits for finished nodes. */
  readonly cycle: readonly Wait[];
  /**
   * The least capacity that frees the graph when every channel found full on a wait cycle is raised to it;
   * `null` if none up to {@link LARGEST_CAPACITY} does, or none was found within ten million runs of a node.
   */
  readonly capacity: number | null;
  /** The channels to raise to `capacity`; empty if that is `null`. */
  readonly channels: readonly string[];
  /** The unfinished nodes, in graph order. */
  readonly nodes: readonly string[];
}

/** Where the search for a freeing capacity ends. */
export const LARGEST_CAPACITY: number = 2 ** 20;

/** How often the search runs a node before it gives up: a graph may run for ever once it is freed. */
const SEARCH_ACTIVATIONS = 10_000_000;

/** Describes the standstill of `nodes`, `null` if all of them have finished. `capacity` is left open. */
export function describeDeadlock(nodes: readonly Node[]): Deadlock | null {
  const waiting = nodes.filter((node) => !node.finished);
  if (waiting.length === 0) return null;
  const cycle = findCycle(waiting);
  const waits = cycle ?? waiting.filter((node) => owing(node)?.finished === true);
  return {
    kind: cycle === null ? "starvation" : "wait-cycle",
    cycle: waits.map(describeWait),
    capacity: null,
    channels: [],
    nodes: waiting.map((node) => node.id),
  };
}

/**
 * Searches the least capacity that frees a graph at a standstill, by going on with the same run: every channel found
 * full on a wait cycle is raised to a common n, and n grows by one when all of them have it already.
 *
 * Going on is as good as starting anew. What a node of a Kahn network reads and writes does not depend on the order of
 * the host, and a bounded channel is one more order: raising a capacity early or late leads to the same standstill.
 * And n is least: at n - 1 the run stood still on a cycle whose full channels all had n - 1 slots or more, which no
 * larger capacity elsewhere can undo. A graph with ordered nodes has no such guarantee, as its times now differ.
 */
export function findFreeingCapacity(engine: Engine, nodes: readonly Node[]): Pick<Deadlock, "capacity" | "channels"> {
  const raised = new Set<Channel>();
  const limit = engine.activations + SEARCH_ACTIVATIONS;
  let capacity = 1;
  let start: Node | undefined;
  while (engine.activations < limit) {
    // Most often the same nodes wait again: looking there first keeps a long search short.
    const again = start === undefined || start.finished ? null : findCycle([start]);
    const cycle = again ?? findCycle(nodes.filter((node) => !node.finished));
    const full = (cycle ?? []).filter((node) => !waitsForToken(node, node.awaited!)).map((node) => node.awaited!);
    if (full.length === 0) break;
    start = cycle?.[0];
    for (const channel of full) raised.add(channel);
    const least = Math.min(...full.map((channel) => channel.capacity));
    capacity = Math.max(capacity, least + 1);
    if (capacity > LARGEST_CAPACITY) break;
    for (const channel of raised) {
      channel.grow(capacity);
      engine.revive(channel.writer!);
    }
    engine.run(limit);
  }
  const freed = nodes.every((node) => node.finished);
  return freed ? { capacity, channels: [...raised].map((channel) => channel.id) } : { capacity: null, channels: [] };
}

/** The nodes of one cycle of waits, from the least index on; `null` if no node waits in a circle. */
function findCycle(waiting: readonly Node[]): Node[] | null {
  const seen = new Map<Node, number>();
  for (const [walk, start] of waiting.entries()) {
    const path: Node[] = [];
    let node: Node | null = start;
    while (node !== null && !node.finished && !seen.has(node)) {
      seen.set(node, walk);
      path.push(node);
      node = owing(node);
    }
    if (node === null || node.finished || seen.get(node) !== walk) continue;
    const cycle = path.slice(path.indexOf(node));
    const first = cycle.reduce((least, other, place) => (other.index < cycle[least]!.index ? place : least), 0);
    return [...cycle.slice(first), ...cycle.slice(0, first)];
  }
  return null;
}

/** The node that must act before `node` can. */
function owing(node: Node): Node | null {
  const channel = node.awaited;
  if (channel === null) return null;
  return waitsForToken(node, channel) ? channel.writer : channel.reader;
}

function waitsForToken(node: Node, channel: Channel): boolean {
  return channel.reader === node && !channel.readable;
}

function describeWait(node: Node): Wait {
  const channel = node.awaited!;
  const waitsFor = waitsForToken(node, channel) ? "token" : "slot";
  return { node: node.id, channel: channel.id, waitsFor, owedBy: owing(node)!.id };
}
