/**
 * Nodes whose choices depend on time: an eager merge, a memory.
 */
import type { Channel } from "../channel/channel.ts";
import { Node, type Progress } from "./node.ts";

/**
 * A node that may act at time t only when it knows every token that reaches it up to t.
 *
 * The engine lets ordered nodes act only when no other node can run, and then only the one with the least
 * (`nextTime`, index). That is safe: whatever any node can still do follows from an action of an ordered node at
 * `nextTime` or later, and every token is under way for a cycle at least.
 */
export abstract class OrderedNode extends Node {
  override readonly ordered: boolean = true;

  /**
   * Fewest cycles from an action to the first cycle in which its consequences can reach an input of this node;
   * at least 1. A node that sees to it itself (see `fire`) has `Infinity`.
   */
  readonly lookahead: number;

  /** Without `lookahead` the node takes the shortest way back: through an output, or through a freed input slot. */
  constructor(id: string, inputs: readonly Channel[], outputs: readonly Channel[], lookahead?: number) {
    super(id, inputs, outputs);
    let shortest = Number.POSITIVE_INFINITY;
    for (const output of outputs) shortest = Math.min(shortest, output.latency);
    for (const input of inputs) shortest = Math.min(shortest, input.responseLatency + input.latency);
    this.lookahead = lookahead ?? shortest;
  }

  /** Time of the next event this node could act on with what it holds now; `Infinity` if it waits for a token or a slot. */
  abstract nextTime(): number;

  /** Told after input `place` got tokens or ended; for nodes with many inputs, which then need not look at all of them. */
  arrived(_place: number): void {}

  /** Acts on every event at times up to and including `until`: all tokens that arrive up to then are there. */
  abstract override fire(until: number): Progress;

  /** The channel to name in a deadlock: an output without a free slot, or else the first input that has not ended. */
  override get awaited(): Channel | null {
    return this.outputs.find((output) => !output.writable) ?? this.inputs.find((input) => !input.ended) ?? null;
  }

  /** Ends an activation. Which channel the node waits for shows in `nextTime` and `awaited` alone: it may be any of several. */
  protected override waitFor(_channel?: Channel): Progress {
    return "waiting";
  }
}
