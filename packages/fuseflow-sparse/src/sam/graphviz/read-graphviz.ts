import { type Diagnostic, DiagnosticBag, nearest, type Source, type Span } from "@millrace/ir-text";
import { type Connection, connectBlocks } from "../connect-blocks.ts";
import type { SamBlock, SamGraph, SamPort, StreamKind } from "../graph.ts";
import type { LocatedGraph } from "../located-graph.ts";
import { type DotEdge, type DotGraph, parseDot } from "./dot.ts";
import { type EdgeHint, nameInComment, PortFinder } from "./edge-ports.ts";
import { nodeBlock } from "./node-block.ts";
import { parseTensorFormats } from "./tensor-formats.ts";

/**
 * Reads a SAM graph in Graphviz form, as Custard prints it, with the blocks of Onyx's hand-written graphs too.
 *
 * Made explicit on the way: a `root` in front of every node that is marked `root` and fed by none, and a broadcast behind every
 * output that feeds several nodes. A `crddrop` whose inner stream is the values of its own level is a `val-drop`; an arithmetic
 * node with `const0` is unary. Everything else is taken as it stands, and is not yet validated as a graph.
 *
 * @throws {DiagnosticError} for faults of syntax, nodes without a known type, unknown nodes, tensors and modes: all of them.
 * @example
 * const { graph } = readGraphviz({ name: "sum.gv", text: 'digraph sum { 1 [type="reduce"] }' });
 * graph.blocks; // => [{ id: "1", type: "reduce", operation: "add" }]
 */
export function readGraphviz(source: Source): LocatedGraph {
  const bag = new DiagnosticBag();
  const dot = parseDot(source, bag);
  bag.throwIfFailed();
  const reader = new GraphReader(dot, bag);
  const located = reader.read();
  bag.throwIfFailed();
  return located;
}

const kinds: ReadonlySet<string> = new Set<StreamKind>(["crd", "ref", "val", "repsig", "bv"]);

interface HintedEdge extends EdgeHint {
  readonly edge: DotEdge;
  readonly from: string;
  readonly to: string;
}

class GraphReader {
  readonly #dot: DotGraph;
  readonly #bag: DiagnosticBag;

  constructor(dot: DotGraph, bag: DiagnosticBag) {
    this.#dot = dot;
    this.#bag = bag;
  }

  read(): LocatedGraph {
    const comment = this.#dot.attributes.get("comment");
    const tensors = comment === undefined ? {} : parseTensorFormats(comment, this.#bag);
    const edges = this.#hints();
    const incoming = groupBy(edges, (edge) => edge.to);
    const outgoing = groupBy(edges, (edge) => edge.from);
    const blocks = [...this.#dot.nodes.values()].flatMap((node) => {
      const block = nodeBlock({
        node,
        inputs: incoming.get(node.id) ?? [],
        outputs: (outgoing.get(node.id) ?? []).map((edge) => ({ ...edge, other: edge.to })),
        tensors,
        bag: this.#bag,
      });
      return block === undefined ? [] : [block];
    });
    const found = this.#connect(blocks, edges);
    const roots = this.#roots(blocks, found);
    const connected = connectBlocks([...blocks, ...roots.blocks], [...found, ...roots.connections]);
    const name = this.#dot.name;
    const expression = this.#dot.attributes.get("expression")?.value;
    const graph: SamGraph = { name, ...(expression === undefined ? {} : { expression }), tensors, ...connected };
    return { graph, places: this.#places(graph, found) };
  }

  #hints(): HintedEdge[] {
    return this.#dot.edges.flatMap((edge) => {
      for (const end of [edge.from, edge.to]) this.#checkNode(end);
      const label = edge.attributes.get("label")?.value ?? "";
      const [, labelled = "", rest = ""] = /^(crd|ref|val|repsig|bv)(?:_(.*))?$/.exec(label) ?? [];
      const kind = edge.attributes.get("type")?.value ?? labelled;
      if (!kinds.has(kind)) {
        const message = kind === "" ? "the edge has no type" : `there is no stream of type '${kind}'`;
        const help = 'write type="crd", "ref", "val", "repsig" or "bv"';
        this.#report({ code: "edge-type", message, span: edge.attributes.get("type")?.span ?? edge.span, help });
        return [];
      }
      const comment = edge.attributes.get("comment")?.value || rest;
      const ends = { from: edge.from.value, to: edge.to.value, other: edge.from.value };
      return [{ edge, kind: kind as StreamKind, comment, name: nameInComment(comment), ...ends }];
    });
  }

  #checkNode({ value, span }: { readonly value: string; readonly span: Span }): void {
    if (this.#dot.nodes.has(value)) return;
    const close = nearest(value, this.#dot.nodes.keys());
    const help = close === undefined ? {} : { help: `did you mean '${close}'?` };
    this.#report({ code: "node-unknown", message: `node ${value} is not declared`, span, ...help });
  }

  #connect(blocks: readonly SamBlock[], edges: readonly HintedEdge[]): (Connection & { readonly span: Span })[] {
    const finders = new Map(blocks.map((block) => [block.id, new PortFinder(block)]));
    const known = edges.filter(({ from, to }) => finders.has(from) && finders.has(to));
    const inputs = known.map((hint) => {
      return hint.edge.attributes.get("to_port")?.value ?? finders.get(hint.to)?.input(hint) ?? "";
    });
    return known.map((hint, position) => {
      const { edge, kind, from, to } = hint;
      const seen = { ...hint, other: to };
      const output = edge.attributes.get("from_port")?.value ?? finders.get(from)?.output(seen) ?? "";
      const ends = { from: { block: from, port: output }, to: { block: to, port: inputs[position] ?? "" } };
      return { kind, ...ends, span: edge.span };
    });
  }

  /** Roots of what is marked as standing below one and is fed by none. */
  #roots(blocks: readonly SamBlock[], found: readonly Connection[]): { blocks: SamBlock[]; connections: Connection[] } {
    const fed = new Set(found.map(({ to }) => `${to.block}.${to.port}`));
    const below = blocks.filter((block) => {
      const marked = this.#dot.nodes.get(block.id)?.attributes.get("root")?.value === "true";
      return marked && (block.type === "scanner" || block.type === "repeat") && !fed.has(`${block.id}.ref`);
    });
    const root = (id: string): SamPort => ({ block: `root-${id}`, port: "ref" });
    return {
      blocks: below.map(
        (block): SamBlock => ({
          id: root(block.id).block,
          type: "root",
          tensor: "tensor" in block ? block.tensor : "",
        }),
      ),
      connections: below.map(({ id }) => ({ kind: "ref", from: root(id), to: { block: id, port: "ref" } })),
    };
  }

  #places(graph: SamGraph, found: readonly (Connection & { readonly span: Span })[]): LocatedGraph["places"] {
    const byInput = new Map(found.map(({ to, span }) => [`${to.block}.${to.port}`, span]));
    const byOutput = new Map(found.map(({ from, span }) => [`${from.block}.${from.port}`, span]));
    const edges = new Map<string, Span>();
    for (const { id, from, to } of graph.edges) {
      const span = byInput.get(`${to.block}.${to.port}`) ?? byOutput.get(`${from.block}.${from.port}`);
      if (span !== undefined) edges.set(id, span);
    }
    const blocks = new Map([...this.#dot.nodes.values()].map(({ id, span }) => [id, span]));
    const comment = this.#dot.attributes.get("comment")?.span;
    const tensors = new Map(comment === undefined ? [] : Object.keys(graph.tensors).map((name) => [name, comment]));
    return { blocks, edges, tensors };
  }

  #report(fault: Omit<Diagnostic, "severity">): void {
    this.#bag.report({ severity: "error", ...fault });
  }
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
