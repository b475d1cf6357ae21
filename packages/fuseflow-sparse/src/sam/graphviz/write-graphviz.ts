import { IndentedPrinter } from "@millrace/ir-text";
import { describeBlock } from "../draw/describe-block.ts";
import { paletteOf } from "../draw/palette.ts";
import type { SamBlock, SamEdge, SamGraph, StreamKind } from "../graph.ts";
import { printTensorFormats } from "./tensor-formats.ts";

type Attributes = Readonly<Record<string, string | number | undefined>>;

/**
 * Prints a graph in Graphviz form with Custard's node types and attributes; `readGraphviz` reads it back equal.
 *
 * Edges also name their ports. A root is folded into the node below it where that says the same.
 */
export function printGraphviz(graph: SamGraph): string {
  const printer = new IndentedPrinter({ unit: "    " });
  const folded = foldedRoots(graph);
  const blocks = new Map(graph.blocks.map((block) => [block.id, block]));
  printer.block(`digraph ${quote(graph.name || "SAM")} {`, "}", () => {
    printer.line(`comment=${quote(printTensorFormats(graph.tensors))}`);
    if (graph.expression !== undefined) printer.line(`expression=${quote(graph.expression)}`);
    for (const block of graph.blocks) {
      if (folded.has(block.id)) continue;
      const rooted = folded.has(`root-${block.id}`);
      printer.line(`${quote(block.id)} [${attributes(nodeAttributes(block, { graph, rooted }))}]`);
    }
    for (const edge of graph.edges) {
      if (folded.has(edge.from.block)) continue;
      printer.line(
        `${quote(edge.from.block)} -> ${quote(edge.to.block)} [${attributes(edgeAttributes(edge, blocks))}]`,
      );
    }
  });
  return printer.toString();
}

/** Roots that reading puts back: named after the one scanner or repeat they feed, which is marked as standing below a root. */
function foldedRoots(graph: SamGraph): ReadonlySet<string> {
  const blocks = new Map(graph.blocks.map((block) => [block.id, block]));
  const position = new Map(graph.blocks.map((block, at) => [block.id, at]));
  const folded = new Set<string>();
  for (const { from, to } of graph.edges) {
    const root = blocks.get(from.block);
    const below = blocks.get(to.block);
    if (root?.type !== "root" || root.label !== undefined || from.block !== `root-${to.block}` || to.port !== "ref")
      continue;
    const marked = below?.type === "scanner" || (below?.type === "repeat" && below.root);
    if (marked && root.tensor === below.tensor) folded.add(root.id);
  }
  // They are read back behind all other blocks but broadcasts, in the order of their nodes: only such an order is kept.
  const order = [...folded].map((id) => position.get(id.slice("root-".length)) ?? 0);
  const tail = graph.blocks
    .filter((block) => block.type !== "broadcast")
    .slice(-folded.size || Number.POSITIVE_INFINITY);
  const inOrder =
    order.every((at, k) => k === 0 || at > (order[k - 1] ?? 0)) && tail.every((block) => folded.has(block.id));
  return inOrder ? folded : new Set();
}

function nodeAttributes(
  block: SamBlock,
  { graph, rooted }: { readonly graph: SamGraph; readonly rooted: boolean },
): Attributes {
  const label = block.label ?? describeBlock(block);
  const shared = {
    label: block.label === undefined ? undefined : label,
    ...{ shape: "box", style: "filled", fillcolor: paletteOf(block).fill },
  };
  const tile = "tile" in block && block.tile ? { tile: block.tile.axes, tile_size: block.tile.size } : {};
  return { ...typedAttributes(block, graph), ...tile, ...(rooted ? { root: "true" } : {}), ...shared };
}

function modeOf(graph: SamGraph, { tensor, level }: { readonly tensor: string; readonly level: number }): Attributes {
  const mode = graph.tensors[tensor]?.modeOrder[level];
  return mode === undefined ? { level } : { mode };
}

function typedAttributes(block: SamBlock, graph: SamGraph): Attributes {
  switch (block.type) {
    case "scanner": {
      const { index, tensor, format } = block;
      const where = modeOf(graph, block);
      return {
        type: "fiberlookup",
        index,
        tensor,
        ...where,
        format,
        src: "true",
        gallop: block.gallop ? "true" : undefined,
      };
    }
    case "write-level": {
      const { index, tensor, format } = block;
      const merge = block.mergeEmptyFibers ? undefined : "false";
      return {
        type: "fiberwrite",
        index,
        tensor,
        ...modeOf(graph, block),
        format,
        sink: "true",
        merge_empty_fibers: merge,
        words: block.words ? "true" : undefined,
      };
    }
    case "write-values":
      return { type: "fiberwrite", tensor: block.tensor, mode: "vals", sink: "true" };
    case "intersect":
    case "union":
      return { type: block.type, index: block.index, arity: block.arity, gallop: block.gallop ? "true" : undefined };
    case "locate":
      return {
        type: "locate",
        index: block.index,
        tensor: block.tensor,
        level: block.level,
        parent: block.parent ? "true" : undefined,
      };
    case "repeat":
      return { type: "repeat", index: block.index, tensor: block.tensor, root: String(block.root), of: block.of };
    case "array":
      return { type: "arrayvals", tensor: block.tensor };
    case "alu":
      return block.operation === "sub" ? { type: "add", sub: "1" } : { type: block.operation };
    case "unary":
      return { type: block.operation, const0: block.constant };
    case "reduce":
      return { type: "reduce", operation: block.operation === "add" ? undefined : block.operation };
    case "spacc": {
      const listed = Object.fromEntries(block.indices.map((index, k) => [`in${k}`, index]));
      return { type: "spaccumulator", order: block.order, ...listed, form: block.form };
    }
    case "broadcast":
    case "join":
      return { type: block.type, stream: block.stream, ways: block.ways };
    case "fork":
      return { type: "fork", stream: block.stream, ways: block.ways, deal: block.deal?.join(" ") };
    default: {
      const { id: _id, label: _label, ...rest } = block;
      return rest as Attributes;
    }
  }
}

const styles: Readonly<Record<StreamKind, string>> = {
  crd: "dashed",
  ref: "bold",
  val: "solid",
  repsig: "dotted",
  bv: "solid",
};

function edgeAttributes({ kind, from, to }: SamEdge, blocks: ReadonlyMap<string, SamBlock>): Attributes {
  const comment = custardComment({ from, to }, blocks);
  const label = comment === undefined ? kind : `${kind}_${comment}`;
  return { label, style: styles[kind], type: kind, comment, from_port: from.port, to_port: to.port };
}

/** The comment by which Custard's own tools find the operand of a join or the stream of a pair. */
function custardComment(
  { from, to }: Pick<SamEdge, "from" | "to">,
  blocks: ReadonlyMap<string, SamBlock>,
): string | undefined {
  const producer = blocks.get(from.block);
  const consumer = blocks.get(to.block);
  if (consumer?.type === "intersect" || consumer?.type === "union") {
    return producer !== undefined && "tensor" in producer ? `in-${producer.tensor}` : undefined;
  }
  if (producer?.type === "intersect" || producer?.type === "union") {
    return consumer !== undefined && "tensor" in consumer ? `out-${consumer.tensor}` : undefined;
  }
  for (const block of [producer, consumer]) {
    const port = block === producer ? from.port : to.port;
    const paired = block?.type === "crdhold" || block?.type === "crddrop" || block?.type === "split";
    if (paired && (port === "outer" || port === "inner")) {
      return `${port}-${block[port]}`;
    }
  }
  return undefined;
}

function attributes(values: Attributes): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === "number" ? printNumber(value) : quote(value ?? "")}`)
    .join(" ");
}

const printNumber = (value: number): string =>
  Number.isInteger(value) && value >= 0 ? String(value) : quote(String(value));

/** A DOT string: quotes are escaped, line breaks are `\n`. A backslash before a quote cannot be written, and is left out. */
function quote(text: string): string {
  return `"${text
    .replaceAll(/\\+(?="|$)/g, "")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")}"`;
}
