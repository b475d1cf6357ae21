import type { SamBlock, SamEdge, SamGraph } from "../graph.ts";

/** A graph with its edges found by the ports they join. */
export interface Wiring {
  readonly graph: SamGraph;
  readonly blocks: ReadonlyMap<string, SamBlock>;
  /** The edge into a port, by `block.port`. */
  readonly into: ReadonlyMap<string, SamEdge>;
  /** The edge out of a port, by `block.port`. */
  readonly outOf: ReadonlyMap<string, SamEdge>;
  /** Edges into each block. */
  readonly incoming: ReadonlyMap<string, readonly SamEdge[]>;
}

/** Indexes a graph; of edges that share a port the first counts. */
export function wiringOf(graph: SamGraph): Wiring {
  const blocks = new Map<string, SamBlock>();
  for (const block of graph.blocks) if (!blocks.has(block.id)) blocks.set(block.id, block);
  const into = new Map<string, SamEdge>();
  const outOf = new Map<string, SamEdge>();
  const incoming = new Map<string, SamEdge[]>();
  for (const edge of graph.edges) {
    const to = `${edge.to.block}.${edge.to.port}`;
    const from = `${edge.from.block}.${edge.from.port}`;
    if (!into.has(to)) into.set(to, edge);
    if (!outOf.has(from)) outOf.set(from, edge);
    const list = incoming.get(edge.to.block);
    if (list === undefined) incoming.set(edge.to.block, [edge]);
    else list.push(edge);
  }
  return { graph, blocks, into, outOf, incoming };
}

/**
 * Blocks in an order in which every block comes behind its producers, and those that stand on or behind a cycle. The feedback
 * of a galloping join into a scanner is no dependence.
 */
export function orderBlocks({ graph, blocks }: Wiring): {
  readonly order: readonly SamBlock[];
  readonly cyclic: readonly SamBlock[];
} {
  const waiting = new Map<string, number>([...blocks.keys()].map((id) => [id, 0]));
  const successors = new Map<string, string[]>();
  for (const { from, to } of graph.edges) {
    if (to.port === "skip" || !blocks.has(from.block) || !blocks.has(to.block)) continue;
    waiting.set(to.block, (waiting.get(to.block) ?? 0) + 1);
    const list = successors.get(from.block);
    if (list === undefined) successors.set(from.block, [to.block]);
    else list.push(to.block);
  }
  const ready = [...blocks.keys()].filter((id) => waiting.get(id) === 0);
  const order: SamBlock[] = [];
  for (let at = 0; at < ready.length; at++) {
    const id = ready[at] as string;
    order.push(blocks.get(id) as SamBlock);
    for (const successor of successors.get(id) ?? []) {
      const left = (waiting.get(successor) ?? 0) - 1;
      waiting.set(successor, left);
      if (left === 0) ready.push(successor);
    }
  }
  const done = new Set(ready);
  return { order, cyclic: [...blocks.values()].filter((block) => !done.has(block.id)) };
}
