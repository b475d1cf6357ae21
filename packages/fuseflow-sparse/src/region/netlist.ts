/**
 * A SAM graph while a compiler works on it: blocks with the ports that feed them, in an order in which producers come first.
 * A port may feed any number of inputs; `toGraph` makes the fan-out explicit.
 */
import { type Connection, connectBlocks } from "../sam/connect-blocks.ts";
import type { SamBlock, SamGraph, SamPort, SamTensor, StreamKind } from "../sam/graph.ts";

/** An output port and the kind of its stream. */
export interface OutPort extends SamPort {
  readonly kind: StreamKind;
  /** Of values: variables of the axes of its tiles, in order; absent where values are numbers. */
  readonly axes?: readonly string[];
}

/** A block and what feeds its inputs. */
export interface NetBlock {
  readonly block: SamBlock;
  readonly inputs: Readonly<Record<string, OutPort>>;
}

type WithoutId<Block> = Block extends unknown ? Omit<Block, "id"> : never;

/** A block before it has an id. */
export type NewBlock = WithoutId<SamBlock>;

/** Blocks under construction. */
export class Netlist {
  readonly blocks: NetBlock[] = [];
  readonly #named = new Map<string, number>();

  /** Adds a block named after `name` (numbered when taken) and returns its id. */
  add(name: string, block: NewBlock, inputs: Readonly<Record<string, OutPort>>): string {
    const taken = this.#named.get(name) ?? 0;
    this.#named.set(name, taken + 1);
    const id = taken === 0 ? name : `${name}-${taken + 1}`;
    this.blocks.push({ block: { ...block, id } as SamBlock, inputs });
    return id;
  }
}

/** The graph of the blocks. */
export function toGraph(
  blocks: readonly NetBlock[],
  graph: Pick<SamGraph, "name" | "expression" | "tensors">,
): SamGraph {
  const connections: Connection[] = blocks.flatMap(({ block, inputs }) =>
    Object.entries(inputs).map(([port, { kind, block: producer, port: out }]) => ({
      kind,
      from: { block: producer, port: out },
      to: { block: block.id, port },
    })),
  );
  return {
    ...graph,
    ...connectBlocks(
      blocks.map(({ block }) => block),
      connections,
    ),
  };
}

/** A tensor of a compiled graph: how it is stored, and what is known of its levels. */
export interface StoredTensor extends SamTensor {
  /** Extent of each mode. */
  readonly shape: readonly number[];
  /** Per level: whether every fibre holds every coordinate. */
  readonly complete: readonly boolean[];
  /** Per level: whether every fibre holds a coordinate. */
  readonly nonempty: readonly boolean[];
  /** Stored entries, where data says. */
  readonly entries?: number;
  /** Stored entries below each position of the outermost level, where data says and that level is sparse or dense. */
  readonly work?: Float64Array;
}
