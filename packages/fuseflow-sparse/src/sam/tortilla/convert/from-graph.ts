import { type Diagnostic, DiagnosticBag } from "@millrace/ir-text";
import { type Connection, connectBlocks, withoutBroadcasts } from "../../connect-blocks.ts";
import type { SamBlock, SamEdge, SamGraph, StreamKind } from "../../graph.ts";
import type { TortillaMessage } from "../message.ts";
import type { TortillaVersion } from "../schema.ts";
import { type OperationStreams, operationOf } from "./operation-of.ts";

/**
 * The `ComalGraph` of a SAM graph: one operation for each block, streams numbered by kind from 1 on, 0 where an output is unused.
 *
 * Comal's repeat makes its signal itself, from the shape of a reference or value stream (the oldest version: from a signal stream
 * of its own). A `repsiggen` on coordinates is therefore moved to the reference or value stream that its producer puts out beside
 * them, and broadcasts are rebuilt where that adds a consumer.
 *
 * @throws {DiagnosticError} `tortilla-block` for every block that the version has no operation for, with the reason.
 */
export function graphToTortilla(graph: SamGraph, version: TortillaVersion = "newest"): TortillaMessage {
  const bag = new DiagnosticBag();
  const ready = writersInOrder(version === "45d1855" ? graph : signalsInside(graph, bag));
  const streams = new GraphStreams(ready);
  const byId = new Map(ready.blocks.map((block) => [block.id, block]));
  const operators: TortillaMessage[] = [];
  const folded = foldedBlocks(ready, byId, version);
  for (const block of ready.blocks) {
    if (folded.has(block.id)) continue;
    const body = operationOf(block, { streams: new BlockStreams(block.id, streams), graph: ready, version, folded });
    if (typeof body === "string") bag.report(unsupported(block, body));
    else operators.push({ name: body.name, id: operators.length + 1, [body.field]: body.message });
  }
  bag.throwIfFailed();
  return { name: "comal graph", channel_size: 1024, graph: { name: graph.name, operators } };
}

const unsupported = (block: SamBlock, reason: string): Diagnostic => ({
  severity: "error",
  code: "tortilla-block",
  message: `${block.id} (${block.type}) has no Comal operation: ${reason}`,
});

/** Signal generators that are made inside of repeats, and, in the version without generators, roots. */
function foldedBlocks(
  graph: SamGraph,
  byId: ReadonlyMap<string, SamBlock>,
  version: TortillaVersion,
): ReadonlySet<string> {
  const folded = new Set<string>();
  const users = new Map<string, boolean>();
  for (const { from, to } of graph.edges) {
    const type = byId.get(to.block)?.type;
    users.set(from.block, (users.get(from.block) ?? true) && (type === "scanner" || type === "repeat"));
  }
  for (const block of graph.blocks) {
    if (block.type === "repsiggen" && version !== "45d1855") folded.add(block.id);
    if (block.type === "root" && version === "45d1855" && users.get(block.id) !== false) folded.add(block.id);
  }
  return folded;
}

/** Every repeat with a signal generator of its own, fed by a reference or value stream. */
function signalsInside(graph: SamGraph, bag: DiagnosticBag): SamGraph {
  const byId = new Map(graph.blocks.map((block) => [block.id, block]));
  const signalOf = new Map(graph.edges.filter(({ kind }) => kind === "repsig").map((edge) => [edge.to.block, edge]));
  const fits = graph.edges.every(
    ({ kind, from, to }) =>
      (kind !== "repsig" || (byId.get(from.block)?.type === "repsiggen" && byId.get(to.block)?.type === "repeat")) &&
      (byId.get(to.block)?.type !== "repsiggen" || kind !== "crd"),
  );
  if (fits) return graph;
  const { blocks, connections } = withoutBroadcasts(graph);
  const sources = new Map(
    connections.filter(({ to }) => byId.get(to.block)?.type === "repsiggen").map((c) => [c.to.block, c]),
  );
  const generators = new Map(
    connections.filter(({ kind }) => kind === "repsig").map((c) => [c.to.block, c.from.block]),
  );
  const made: SamBlock[] = [];
  const kept = connections.filter(({ kind, to }) => kind !== "repsig" && byId.get(to.block)?.type !== "repsiggen");
  for (const block of blocks) {
    if (block.type === "repsiggen") continue;
    if (block.type === "repeat") {
      const source = sources.get(generators.get(block.id) ?? "");
      const shaping = source === undefined ? undefined : besideCoordinates(source, byId.get(source.from.block));
      if (shaping === undefined) {
        const reason =
          source === undefined
            ? "it has no signal"
            : `no reference or value stream runs beside ${source.from.block}.${source.from.port}`;
        if (signalOf.has(block.id) || source === undefined) bag.report(unsupported(block, reason));
      } else {
        const id = `${block.id}-signal`;
        made.push({ id, type: "repsiggen", index: block.index });
        kept.push({ ...shaping, to: { block: id, port: "crd" } });
        kept.push({ kind: "repsig", from: { block: id, port: "repsig" }, to: { block: block.id, port: "repsig" } });
      }
    }
    made.push(block);
  }
  return { ...graph, ...connectBlocks(made, kept) };
}

const beside: Readonly<Partial<Record<SamBlock["type"], readonly [port: string, kind: StreamKind]>>> = {
  scanner: ["ref", "ref"],
  intersect: ["ref0", "ref"],
  union: ["ref0", "ref"],
  locate: ["ref0", "ref"],
  spacc: ["val", "val"],
  "val-drop": ["val", "val"],
};

/** The stream of the same shape that Comal can make a signal from. */
function besideCoordinates(
  { kind, from }: Connection,
  producer: SamBlock | undefined,
): Omit<Connection, "to"> | undefined {
  if (kind !== "crd") return { kind, from };
  const innermost = producer?.type !== "spacc" || from.port === "crd0";
  const found = producer === undefined || !innermost ? undefined : beside[producer.type];
  return found === undefined ? undefined : { kind: found[1], from: { block: from.block, port: found[0] } };
}

/** Readers know the level of a writer only by its place in the file. */
function writersInOrder(graph: SamGraph): SamGraph {
  const writers = graph.blocks
    .filter((block) => block.type === "write-level")
    .toSorted((a, b) => (a.tensor === b.tensor ? a.level - b.level : 0));
  let next = 0;
  return {
    ...graph,
    blocks: graph.blocks.map((block) => (block.type === "write-level" ? (writers[next++] ?? block) : block)),
  };
}

/** Edges by the ports they join, and their stream numbers, counted by kind. */
class GraphStreams {
  readonly into = new Map<string, SamEdge>();
  readonly outOf = new Map<string, SamEdge>();
  readonly #numbers = new Map<string, number>();

  constructor(graph: SamGraph) {
    const last = new Map<StreamKind, number>();
    for (const edge of graph.edges) {
      const number = (last.get(edge.kind) ?? 0) + 1;
      last.set(edge.kind, number);
      this.#numbers.set(edge.id, number);
      this.into.set(`${edge.to.block}.${edge.to.port}`, edge);
      this.outOf.set(`${edge.from.block}.${edge.from.port}`, edge);
    }
  }

  message(edge: SamEdge | undefined): TortillaMessage {
    const number = edge === undefined ? 0 : (this.#numbers.get(edge.id) ?? 0);
    return { id: number === 0 ? {} : { id: number } };
  }
}

class BlockStreams implements OperationStreams {
  readonly #block: string;
  readonly #streams: GraphStreams;

  constructor(block: string, streams: GraphStreams) {
    this.#block = block;
    this.#streams = streams;
  }

  input(port: string): TortillaMessage {
    return this.#streams.message(this.#into(port));
  }

  output(port: string): TortillaMessage {
    return this.#streams.message(this.#streams.outOf.get(`${this.#block}.${port}`));
  }

  kind(port: string): StreamKind | undefined {
    return this.#into(port)?.kind;
  }

  producer(port: string): string | undefined {
    return this.#into(port)?.from.block;
  }

  signalSource(): { readonly kind: StreamKind; readonly stream: TortillaMessage } | undefined {
    const edge = this.#streams.into.get(`${this.producer("repsig")}.crd`);
    return edge === undefined ? undefined : { kind: edge.kind, stream: this.#streams.message(edge) };
  }

  #into(port: string): SamEdge | undefined {
    return this.#streams.into.get(`${this.#block}.${port}`);
  }
}
