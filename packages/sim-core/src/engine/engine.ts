/**
 * The run loop: nodes run one at a time until they block; only the two ends of a node's channels are woken.
 *
 * Nodes that only read and write blockingly compute the same values and times in any order (Kahn processes over
 * time-stamped channels), so the queue's order is the host's choice. Ordered nodes act only when none of those can run.
 *
 * Source: Kahn, "The semantics of a simple language for parallel programming", IFIP 1974.
 */
import type { Channel } from "../channel/channel.ts";
import { SimError } from "../errors.ts";
import { EventHeap } from "./event-heap.ts";
import type { Node } from "./node.ts";
import type { OrderedNode } from "./ordered-node.ts";
import { ReadyQueue } from "./ready-queue.ts";

/** Tokens per activation: bounds how far a node runs ahead into an unbounded channel. */
const BUDGET = 4096;
/** Tokens that wait in an output of a node from which on the node runs only when no other can. */
const CROWD = 2 * BUDGET;
const FEWEST_BETWEEN_CHECKS = 1024;

/** Runs the nodes of one graph. */
export class Engine {
  /** How often a node was run. */
  activations = 0;
  readonly #nodes: readonly Node[];
  // Activations between two looks at all clocks.
  readonly #checkInterval: number;
  readonly #ready: ReadyQueue;
  // Nodes that run ahead of their readers: they wait until no other can run, lest the host holds more tokens than it must.
  readonly #ahead: ReadyQueue;
  readonly #ordered: OrderedNode[] = [];
  // Numbers of the heap are places in #ordered, which keeps the order of the graph: ties go to the smaller index.
  readonly #events: EventHeap;
  readonly #place = new Map<Node, number>();
  // Ordered nodes whose channels changed since their time was last asked for.
  readonly #changed: OrderedNode[] = [];

  /** `order` is the order in which nodes are first run; results do not depend on it. */
  constructor(order: readonly Node[]) {
    this.#nodes = order;
    this.#checkInterval = Math.max(FEWEST_BETWEEN_CHECKS, order.length);
    this.#ready = new ReadyQueue(order.length);
    this.#ahead = new ReadyQueue(order.length);
    for (const node of order) {
      if (node.ordered) this.#ordered.push(node as OrderedNode);
      else this.#ready.push(node);
    }
    this.#ordered.sort((a, b) => a.index - b.index);
    this.#events = new EventHeap(this.#ordered.length);
    for (const [place, node] of this.#ordered.entries()) {
      this.#place.set(node, place);
      this.#change(node);
    }
  }

  /**
   * Runs until no node can, or until `activations` reaches `limit`.
   *
   * @throws {SimError} `time-overflow` if a clock passes 2^53 - 1, beyond which cycles are not exact.
   */
  run(limit: number = Number.POSITIVE_INFINITY): void {
    this.#runUntil(limit);
    this.#checkClocks();
  }

  #runUntil(limit: number): void {
    while (this.activations < limit) {
      this.#runReady(limit);
      this.#askChanged();
      const first = this.#events.firstTime;
      if (first === Number.POSITIVE_INFINITY) return;
      const node = this.#ordered[this.#events.first]!;
      const progress = this.#activate(node, Math.min(this.#events.secondTime, first + node.lookahead - 1));
      if (progress === "finished") this.#events.update(this.#events.first, Number.POSITIVE_INFINITY);
      else this.#change(node);
    }
  }

  /** Puts a node that waits back into the queue, after its channel was changed from outside. */
  revive(node: Node): void {
    if (node.finished) return;
    if (node.ordered) this.#change(node as OrderedNode);
    else this.#ready.push(node);
  }

  #runReady(limit: number): void {
    const ready = this.#ready;
    const ahead = this.#ahead;
    for (let node = ready.shift() ?? ahead.shift(); node !== undefined; node = ready.shift() ?? ahead.shift()) {
      if (this.#activate(node, BUDGET) === "more") (crowded(node) ? ahead : ready).push(node);
      if (this.activations >= limit) return;
    }
  }

  #activate(node: Node, argument: number): string {
    this.activations += 1;
    node.waitingOn = null;
    const progress = node.fire(argument);
    if (this.activations % this.#checkInterval === 0) this.#checkClocks();
    const { outputs, inputs } = node;
    for (let i = 0; i < outputs.length; i++) {
      const output = outputs[i]!;
      const reader = output.reader!;
      // A node that waits on a channel to itself has seen it already: nobody else can change it.
      if (reader.waitingOn === output && reader !== node && (output.readable || output.closed))
        this.#ready.push(reader);
      else if (reader.ordered) this.#arrive(reader as OrderedNode, output);
    }
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i]!;
      const writer = input.writer!;
      if (writer.waitingOn === input && writer !== node && input.writable) this.#ready.push(writer);
      else if (writer.ordered) this.#change(writer as OrderedNode);
    }
    return progress;
  }

  #arrive(node: OrderedNode, input: Channel): void {
    node.arrived(input.inputIndex);
    this.#change(node);
  }

  #change(node: OrderedNode): void {
    if (node.queued || node.finished) return;
    node.queued = true;
    this.#changed.push(node);
  }

  // Not at each activation: to read a field of nodes of many classes makes an object of a number that has a fraction or is large.
  #checkClocks(): void {
    for (const node of this.#nodes) {
      if (node.clock <= Number.MAX_SAFE_INTEGER) continue;
      throw new SimError("time-overflow", `node ${node.id} passed cycle 2^53 - 1, beyond which times are not exact`);
    }
  }

  #askChanged(): void {
    for (let node = this.#changed.pop(); node !== undefined; node = this.#changed.pop()) {
      node.queued = false;
      this.#events.update(this.#place.get(node)!, node.nextTime());
    }
  }
}

/** Whether much waits in an output of `node`. */
function crowded({ outputs }: Node): boolean {
  for (let i = 0; i < outputs.length; i++) if (outputs[i]!.pending > CROWD) return true;
  return false;
}
