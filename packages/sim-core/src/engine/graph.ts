/**
 * A machine to simulate: nodes joined by channels, with memories. Built once, simulated once.
 */
import { Channel, type ChannelOptions } from "../channel/channel.ts";
import { SimError } from "../errors.ts";
import { Memory, type MemoryModel } from "../memory/memory.ts";
import type { MemoryNode } from "../memory/memory-node.ts";
import type { Node } from "./node.ts";

/** Settings that hold for all channels of a graph. */
export interface GraphOptions {
  /** Capacity of channels that name none; an integer of at least 1, or `Infinity` (the default). */
  readonly capacity?: number;
  /** Capacities by channel id; each wins over what the builder of the channel asked for. */
  readonly capacities?: ReadonlyMap<string, number>;
}

/** Nodes and channels under unique ids; the order of adding nodes breaks ties in time. */
export class Graph {
  readonly #options: GraphOptions;
  readonly #nodes = new Map<string, Node>();
  readonly #channels = new Map<string, Channel>();
  readonly #memories = new Map<string, Memory>();
  readonly #memoryNodes: MemoryNode[] = [];
  #sealed = false;

  constructor(options: GraphOptions = {}) {
    this.#options = options;
  }

  /** The nodes, in the order of adding. */
  get nodes(): readonly Node[] {
    return [...this.#nodes.values()];
  }

  /** The channels, in the order of making. */
  get channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /**
   * Makes a channel; the nodes that list it as an output and as an input become its ends.
   *
   * @throws {SimError} `channel-id` if the id is taken, `channel-options` if an option is wrong, `graph-sealed` after simulation.
   */
  channel(id: string, options: ChannelOptions = {}): Channel {
    this.#checkOpen(`channel ${id}`);
    if (this.#channels.has(id)) throw new SimError("channel-id", `there are two channels named ${id}; ids must differ`);
    const capacity = this.#options.capacities?.get(id) ?? options.capacity ?? this.#options.capacity;
    const channel = new Channel(id, capacity === undefined ? options : { ...options, capacity });
    this.#channels.set(id, channel);
    return channel;
  }

  /**
   * Adds a node and ties it to its channels.
   *
   * @throws {SimError} `node-id` if the id is taken, `channel-ends` if a channel is of another graph or already has
   *   that end, `graph-sealed` after simulation.
   */
  add<N extends Node>(node: N): N {
    this.#checkOpen(`node ${node.id}`);
    if (this.#nodes.has(node.id)) {
      throw new SimError("node-id", `there are two nodes named ${node.id}; ids must differ`);
    }
    for (const [place, channel] of node.inputs.entries()) {
      this.#checkEnd(channel, channel.reader, node, "reader");
      channel.reader = node;
      channel.inputIndex = place;
    }
    for (const channel of node.outputs) {
      this.#checkEnd(channel, channel.writer, node, "writer");
      channel.writer = node;
    }
    node.index = this.#nodes.size;
    this.#nodes.set(node.id, node);
    return node;
  }

  /** The nodes that serve the memories, once the graph is closed. */
  get memories(): readonly MemoryNode[] {
    return this.#memoryNodes;
  }

  /**
   * Adds a memory; its ports are opened on the result, and a node of the same id serves them.
   *
   * @throws {SimError} `node-id` if the id is taken, `graph-sealed` after simulation.
   */
  memory(id: string, model: MemoryModel): Memory {
    this.#checkOpen(`memory ${id}`);
    if (this.#memories.has(id)) throw new SimError("node-id", `there are two memories named ${id}; ids must differ`);
    const memory = new Memory(this, id, model);
    this.#memories.set(id, memory);
    return memory;
  }

  /**
   * Closes the graph to changes; `simulate` calls it.
   *
   * @throws {SimError} `channel-ends` if a channel lacks a reader or a writer, `capacity-override` if a capacity is
   *   given for a channel that does not exist, `graph-sealed` if the graph was simulated before.
   */
  seal(): void {
    this.#checkOpen("a second simulation");
    for (const memory of this.#memories.values()) this.#memoryNodes.push(this.add(memory.build()));
    for (const channel of this.#channels.values()) {
      const missing = channel.writer === null ? "writer" : channel.reader === null ? "reader" : null;
      if (missing !== null) {
        throw new SimError("channel-ends", `channel ${channel.id} has no ${missing}: add a node that lists it`);
      }
    }
    for (const id of this.#options.capacities?.keys() ?? []) {
      if (!this.#channels.has(id)) {
        throw new SimError("capacity-override", `a capacity is given for channel ${id}, which does not exist`);
      }
    }
    this.#sealed = true;
  }

  #checkOpen(what: string): void {
    if (this.#sealed) {
      throw new SimError("graph-sealed", `a graph is simulated once and then closed; ${what} needs a new graph`);
    }
  }

  #checkEnd(channel: Channel, present: Node | null, node: Node, end: string): void {
    if (this.#channels.get(channel.id) !== channel) {
      throw new SimError("channel-ends", `channel ${channel.id} of node ${node.id} belongs to another graph`);
    }
    if (present !== null) {
      throw new SimError(
        "channel-ends",
        `channel ${channel.id} has two ${end}s, ${present.id} and ${node.id}: a channel joins exactly two nodes`,
      );
    }
  }
}
