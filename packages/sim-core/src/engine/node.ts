/**
 * Nodes: sequential processes with local clocks, at the ends of channels.
 */
import type { Channel } from "../channel/channel.ts";

/** How an activation of a node ended. */
export type Progress = "more" | "waiting" | "finished";

/**
 * A process that reads and writes channels in an order of its own that does not depend on time (a Kahn process).
 *
 * `fire` runs the node until it must wait, is finished, or has spent its budget. All state lives in fields, so that the
 * next `fire` goes on where the last one stopped. A node whose hardware takes a token out before it waits for its output
 * must do so too: to hold the token back in its input until the output is free gives the same times, but blocks earlier
 * by one token in graphs that come close to a deadlock. Cycles of work are added to `clock` by the node itself; cycles of
 * waiting are added by `Channel.peek` and `Channel.reserve`.
 */
export abstract class Node {
  readonly id: string;
  readonly inputs: readonly Channel[];
  readonly outputs: readonly Channel[];
  /** Local time in cycles. */
  clock = 0;
  /** The channel whose token or slot the node waits for, while it does. */
  waitingOn: Channel | null = null;
  /** Whether the node has ended; its outputs are closed then. */
  finished = false;
  /** Place in the graph, which also breaks ties in time. */
  index = -1;
  /** Whether the engine has the node in its queue. */
  queued = false;
  /** Whether the node's choices depend on time; see `OrderedNode`. */
  readonly ordered: boolean = false;

  constructor(id: string, inputs: readonly Channel[], outputs: readonly Channel[]) {
    this.id = id;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Runs the node for at most about `budget` tokens. */
  abstract fire(budget: number): Progress;

  /** The channel that holds the node up, if it waits. */
  get awaited(): Channel | null {
    return this.waitingOn;
  }

  /** Ends an activation: the node needs a token of, or a slot in, `channel`. */
  protected waitFor(channel: Channel): Progress {
    this.waitingOn = channel;
    return "waiting";
  }

  /** Ends the node: nothing is written after this. */
  protected finish(): Progress {
    this.finished = true;
    for (const output of this.outputs) output.close();
    return "finished";
  }
}
