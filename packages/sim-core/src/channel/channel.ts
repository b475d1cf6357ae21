/**
 * A bounded, first-in first-out channel between exactly two nodes, in simulated time.
 *
 * A token is a payload and a tag, both opaque to the engine, with the time at which it may be read.
 * Writing token k advances the writer's clock to the time at which token k - capacity was released;
 * reading token k advances the reader's clock to the time at which it became readable. With nothing
 * but such reads and writes all times are independent of the order in which the host runs the nodes.
 *
 * Source: Zhang et al., "The Dataflow Abstract Machine Simulator Framework", ISCA 2024 (channel rules).
 */
import { SimError } from "../errors.ts";
import type { Node } from "../engine/node.ts";

/** How much a channel holds, and how long tokens and releases are under way. */
export interface ChannelOptions {
  /** Most tokens in the channel at once, in simulated time; `Infinity` for an unbounded channel. Default: unbounded. */
  readonly capacity?: number;
  /** Cycles from writing to the first cycle of reading; at least 1. Default 1. */
  readonly latency?: number;
  /** Cycles from reading to the first cycle in which the writer may use the slot again; at least 1. Default 1. */
  readonly responseLatency?: number;
}

const FIRST_SLOTS = 16;

/** A typed ring of time-stamped tokens. Made by `Graph.channel`; read and written by the two nodes at its ends. */
export class Channel {
  readonly id: string;
  readonly capacity: number;
  readonly latency: number;
  readonly responseLatency: number;
  /** The node that writes; set when the graph is built. */
  writer: Node | null = null;
  /** The node that reads; set when the graph is built. */
  reader: Node | null = null;

  // Slot i mod #slots of each array belongs to token i. A slot is reused once both ends of token i are settled.
  #ready: Float64Array;
  #payload: Float64Array;
  #tag: Int32Array;
  #release: Float64Array;
}
