/**
 * Builds a SAM graph output port by output port, as a compiler meets them.
 *
 * A port may be used any number of times while building; `finish` puts a broadcast behind each port with several
 * users, so that every edge of the graph has one producer and one consumer.
 */
import { type Connection, connectBlocks } from "../sam/connect-blocks.ts";
import type { SamBlock, SamGraph, SamPort, SamTensor, StreamKind } from "../sam/graph.ts";

/** An output port and the kind of its stream. */
export interface OutPort extends SamPort {
  readonly kind: StreamKind;
}

type WithoutId<Block> = Block extends unknown ? Omit<Block, "id"> : never;

/** A block before it has an id. */
export type NewBlock = WithoutId<SamBlock>;

/** Collects blocks and the uses of their ports. */
export class GraphBuilder {
  readonly #blocks: SamBlock[] = [];
  readonly #named = new Map<string, number>();
  readonly #connections: Connection[] = [];

  /** Adds a block named after `name` (numbered when taken), feeds its input ports, and returns its id. */
  add(name: string, block: NewBlock, inputs: Readonly<Record<string, OutPort>>): string {
    const taken = this.#named.get(name) ?? 0;
    this.#named.set(name, taken + 1);
    const id = taken === 0 ? name : `${name}-${taken + 1}`;
    this.#blocks.push({ ...block, id } as SamBlock);
    for (const [port, { kind, ...from }] of Object.entries(inputs)) {
      this.#connections.push({ kind, from, to: { block: id, port } });
    }
    return id;
  }

  /** The graph of all blocks; ports without a user stay unconnected. */
  finish(name: string, expression: string, tensors: Readonly<Record<string, SamTensor>>): SamGraph {
    return { name, expression, tensors, ...connectBlocks(this.#blocks, this.#connections) };
  }
}
