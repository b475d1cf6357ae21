import type { Node } from "./node.ts";

/** First-in, first-out queue of nodes that may run; each node is in it at most once (`Node.queued`). */
export class ReadyQueue {
  readonly #slots: (Node | undefined)[];
  readonly #mask: number;
  #head = 0;
  #size = 0;

  /** A queue for at most `nodes` different nodes. */
  constructor(nodes: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(nodes, 2)));
    this.#slots = new Array(slots).fill(undefined);
    this.#mask = slots - 1;
  }

  /** Puts `node` at the end, unless it is in the queue already. */
  push(node: Node): void {
    if (node.queued) return;
    node.queued = true;
    this.#slots[(this.#head + this.#size) & this.#mask] = node;
    this.#size += 1;
  }

  /** Takes the first node, `undefined` if there is none. */
  shift(): Node | undefined {
    if (this.#size === 0) return undefined;
    const node = this.#slots[this.#head]!;
    this.#head = (this.#head + 1) & this.#mask;
    this.#size -= 1;
    node.queued = false;
    return node;
  }
}
