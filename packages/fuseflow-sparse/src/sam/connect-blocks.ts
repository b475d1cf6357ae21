import type { SamBlock, SamEdge, SamPort, StreamKind } from "./graph.ts";

/** A stream that a reader found, before fan-out is made explicit. */
export interface Connection {
  readonly kind: StreamKind;
  readonly from: SamPort;
  readonly to: SamPort;
}

/** The id that readers give an edge; unique, because a port has one edge. */
export function edgeId({ from, to }: { readonly from: SamPort; readonly to: SamPort }): string {
  return `${from.block}.${from.port}->${to.block}.${to.port}`;
}

/** The id of the broadcast that readers put behind an output with several consumers. */
export function fanOutId(from: SamPort): string {
  return `broadcast-${from.block}.${from.port}`;
}

/**
 * Blocks and edges in which every output has one consumer: an output that feeds several inputs gets a broadcast.
 *
 * Broadcasts are appended to the blocks; edges keep the order of `connections`, those into broadcasts come last.
 */
export function connectBlocks(
  blocks: readonly SamBlock[],
  connections: readonly Connection[],
): { readonly blocks: readonly SamBlock[]; readonly edges: readonly SamEdge[] } {
  const consumers = new Map<string, Connection[]>();
  for (const connection of connections) {
    const key = fanOutId(connection.from);
    const list = consumers.get(key);
    if (list === undefined) consumers.set(key, [connection]);
    else list.push(connection);
  }
  const taken = new Map<string, number>();
  const edges = connections.map(({ kind, from, to }): SamEdge => {
    const key = fanOutId(from);
    if (consumers.get(key)?.length === 1) return { id: edgeId({ from, to }), kind, from, to };
    const way = taken.get(key) ?? 0;
    taken.set(key, way + 1);
    const copy = { block: key, port: `out${way}` };
    return { id: edgeId({ from: copy, to }), kind, from: copy, to };
  });
  const broadcasts: SamBlock[] = [];
  for (const [id, list] of consumers) {
    const [first] = list;
    if (first === undefined || list.length === 1) continue;
    broadcasts.push({ id, type: "broadcast", stream: first.kind, ways: list.length });
    const to = { block: id, port: "in" };
    edges.push({ id: edgeId({ from: first.from, to }), kind: first.kind, from: first.from, to });
  }
  return { blocks: [...blocks, ...broadcasts], edges };
}

/**
 * The streams of a graph with all broadcasts taken out: an output may then feed several inputs.
 *
 * A broadcast without a producer leaves its consumers without one.
 */
export function withoutBroadcasts(graph: {
  readonly blocks: readonly SamBlock[];
  readonly edges: readonly SamEdge[];
}): {
  readonly blocks: readonly SamBlock[];
  readonly connections: readonly Connection[];
} {
  const broadcasts = new Set(graph.blocks.filter((block) => block.type === "broadcast").map((block) => block.id));
  const producers = new Map(
    graph.edges.filter((edge) => broadcasts.has(edge.to.block)).map((e) => [e.to.block, e.from]),
  );
  const connections: Connection[] = [];
  for (const { kind, from, to } of graph.edges) {
    if (broadcasts.has(to.block)) continue;
    let origin: SamPort | undefined = from;
    for (let steps = 0; origin !== undefined && broadcasts.has(origin.block); steps++) {
      origin = steps > broadcasts.size ? undefined : producers.get(origin.block);
    }
    if (origin !== undefined) connections.push({ kind, from: origin, to });
  }
  return { blocks: graph.blocks.filter((block) => !broadcasts.has(block.id)), connections };
}
