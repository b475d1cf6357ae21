/**
 * The one door to every memory: ports of a request and a response channel, served by a model of the timing.
 *
 * A request is a token with the byte address as payload and the number of bursts as tag (above zero it reads, below it
 * writes). Each request is answered by one token, in the order of the port's requests, readable once the last burst is
 * done; it carries the payload and the tag of its request.
 */
import type { Channel } from "../channel/channel.ts";
import type { Graph } from "../engine/graph.ts";
import { SimError } from "../errors.ts";
import type { MemoryNode } from "./memory-node.ts";

/** What a port asks for. */
export interface PortOptions {
  /** Whether the port reads or writes; a model may serve the two in turn. Default `read`. */
  readonly access?: "read" | "write";
  /** Bursts the port hands over per cycle; an integer from 1 to 64. Default 1. */
  readonly burstsPerCycle?: number;
  /** Requests that may be under way to the memory at once; an integer of at least 1, or `Infinity` (the default). */
  readonly outstanding?: number;
}

/** One requester's door to a memory: list `request` as an output and `response` as an input of the node that uses it. */
export interface MemoryPort {
  readonly id: string;
  readonly access: "read" | "write";
  readonly burstsPerCycle: number;
  readonly request: Channel;
  readonly response: Channel;
}

/** The timing of a memory, such as `idealMemory()` or `hbmBurst()`. */
export interface MemoryModel {
  /** Name in reports. */
  readonly name: string;
  /** Bytes of one burst. */
  readonly burstBytes: number;
  /** Makes the node that serves `ports`, given in the order in which requests of one cycle are visited. */
  serve(id: string, ports: readonly MemoryPort[]): MemoryNode;
}

/** A memory of a graph under construction; `Graph.memory` makes it. */
export class Memory {
  readonly id: string;
  readonly model: MemoryModel;
  readonly #graph: Graph;
  readonly #ports = new Map<string, MemoryPort>();

  constructor(graph: Graph, id: string, model: MemoryModel) {
    this.#graph = graph;
    this.id = id;
    this.model = model;
  }

  /**
   * Opens a port, with channels `MEMORY/PORT.request` and `MEMORY/PORT.response`.
   *
   * @throws {SimError} `memory-options` if an option is wrong, `channel-id` if the port exists.
   */
  port(id: string, options: PortOptions = {}): MemoryPort {
    const { access = "read", burstsPerCycle = 1, outstanding = Number.POSITIVE_INFINITY } = options;
    if (!(Number.isInteger(burstsPerCycle) && burstsPerCycle >= 1 && burstsPerCycle <= 64)) {
      throw new SimError(
        "memory-options",
        `burstsPerCycle of port ${id} must be an integer from 1 to 64, not ${burstsPerCycle}`,
      );
    }
    const name = `${this.id}/${id}`;
    const request = this.#graph.channel(`${name}.request`, { capacity: outstanding });
    const response = this.#graph.channel(`${name}.response`, { capacity: Number.POSITIVE_INFINITY });
    const port: MemoryPort = { id, access, burstsPerCycle, request, response };
    this.#ports.set(id, port);
    return port;
  }

  /** Makes the node that serves the ports: readers, then writers, each in the order of the requesting nodes. */
  build(): MemoryNode {
    const ports = [...this.#ports.values()];
    const rank = (port: MemoryPort): number => (port.access === "read" ? 0 : 1);
    const requester = (port: MemoryPort): number => port.request.writer?.index ?? 0;
    ports.sort((a, b) => rank(a) - rank(b) || requester(a) - requester(b));
    for (const { response } of ports) {
      if (response.capacity !== Number.POSITIVE_INFINITY) {
        throw new SimError("capacity-override", `channel ${response.id} of a memory is always unbounded`);
      }
    }
    return this.model.serve(this.id, ports);
  }
}
