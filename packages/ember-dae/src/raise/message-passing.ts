/**
 * Rows that meet along edges, as models of graphs write them: scores of pairs (SDDMM), messages weighted by scores and added
 * up (FusedMM), and rows that meet a number and are joined by a maximum or minimum (products in a semiring).
 */
import type { Node } from "@millrace/model-import";
import type { GatheredRows, GraphWalk } from "./graph-walk.ts";
import type { Lookup } from "./lookup.ts";

interface Score {
  /** The rows that belong to the results, and those that come to them. */
  readonly own: GatheredRows;
  readonly other: GatheredRows;
  readonly nodes: readonly Node[];
}

const plain = { finish: "none", tableTransposed: false } as const;

/** Where results of edges go. */
interface Scatter {
  readonly node: Node;
  readonly reduction: string;
  readonly start: string;
  readonly target: string;
  readonly rows: string;
  readonly nodes: readonly Node[];
}

function scatterOf(node: Node, walk: GraphWalk): Scatter | undefined {
  const [start, index, rows] = node.inputs;
  if ((node.op !== "index-add" && node.op !== "scatter-elements") || node.attributes.axis !== 0) return undefined;
  if (typeof start !== "string" || typeof index !== "string" || typeof rows !== "string") return undefined;
  const { value, nodes } = walk.through(index);
  if (walk.shape(value)?.length !== 1 || walk.shape(rows)?.length !== 2) return undefined;
  return { node, reduction: String(node.attributes.reduction), start, target: value, rows, nodes };
}

/** The products of rows of two tables, one for each edge, if a value is that. */
function scoreOf(value: string, walk: GraphWalk): Score | undefined {
  const node = walk.producer(value, "sum", "einsum");
  if (node === undefined) return undefined;
  const product = node.op === "sum" ? walk.producer(node.inputs[0], "mul") : node;
  const [a, b] = product?.inputs ?? [];
  if (product === undefined || typeof a !== "string" || typeof b !== "string") return undefined;
  if (node.op === "sum" ? JSON.stringify(node.attributes.axes) !== "[1]" : !rowwise(node.attributes.equation))
    return undefined;
  const [own, other] = [walk.gathered(a), walk.gathered(b)];
  if (own === undefined || other === undefined) return undefined;
  return { own, other, nodes: [own.node, other.node, ...(product === node ? [] : [product]), node] };
}

function rowwise(equation: unknown): boolean {
  return /^\s*(\w)(\w)\s*,\s*\1\2\s*->\s*\1\s*$/.test(String(equation));
}

/** Both ways round: the factor that is gathered rows, and the other one, which is a number for each of them. */
function scaled(node: Node | undefined, walk: GraphWalk): { rows: GatheredRows; weight: string } | undefined {
  const [a, b] = node?.inputs ?? [];
  if (typeof a !== "string" || typeof b !== "string") return undefined;
  for (const [hit, factor] of [[a, b] as const, [b, a] as const]) {
    const rows = walk.gathered(hit);
    const weight = walk.through(factor).value;
    const last = walk.shape(factor)?.at(-1);
    if (rows !== undefined && last === 1 && walk.shape(weight)?.length === 1) return { rows, weight };
  }
  return undefined;
}

/** Messages of edges, weighted by scores of their ends and added to rows of zeros. */
export function fusedProduct(node: Node, walk: GraphWalk): Lookup | undefined {
  const scatter = scatterOf(node, walk);
  if (scatter?.reduction !== "add" || walk.uniform(scatter.start) !== 0) return undefined;
  const product = walk.producer(scatter.rows, "mul");
  const message = scaled(product, walk);
  if (message === undefined || product === undefined) return undefined;
  const sigmoid = walk.producer(message.weight, "sigmoid");
  const score = scoreOf(sigmoid?.inputs[0] ?? message.weight, walk);
  if (score === undefined) return undefined;
  const [own, other] = score.own.indices === scatter.target ? [score.own, score.other] : [score.other, score.own];
  const { rows } = message;
  const same = other.table === rows.table && other.indices === rows.indices && own.indices === scatter.target;
  // A result has as many rows as the table that its rows are scored by.
  const [left, right] = [walk.shape(own.table)?.[0], walk.shape(node.outputs[0] ?? "")?.[0]];
  if (!same || left === undefined || JSON.stringify(left) !== JSON.stringify(right)) return undefined;
  const passed = [
    ...score.nodes,
    ...(sigmoid === undefined ? [] : [sigmoid]),
    rows.node,
    product,
    ...scatter.nodes,
    node,
  ];
  return {
    ...plain,
    ...{ kind: "fused", reduce: "add", combine: "multiply" },
    activation: sigmoid === undefined ? "identity" : "sigmoid",
    ...{ table: rows.table, x: own.table },
    source: edges({ indices: rows.indices, target: scatter.target, weights: undefined, like: own.table }),
    result: node.outputs[0] ?? "",
    nodes: names(passed),
    place: node.place,
  };
}

/** The score of each edge. */
export function sampledProduct(node: Node, walk: GraphWalk): Lookup | undefined {
  const score = scoreOf(node.outputs[0] ?? "", walk);
  if (score === undefined) return undefined;
  const { own, other } = score;
  return {
    ...plain,
    ...{ kind: "sddmm", reduce: "add", combine: "none", activation: "identity" },
    ...{ table: other.table, x: own.table },
    source: edges({ indices: other.indices, target: own.indices, weights: undefined, like: own.table }),
    result: node.outputs[0] ?? "",
    nodes: names(score.nodes),
    place: node.place,
  };
}

const reductions: Readonly<Record<string, readonly [reduce: "maximum" | "minimum", start: number]>> = {
  max: ["maximum", Number.NEGATIVE_INFINITY],
  min: ["minimum", Number.POSITIVE_INFINITY],
};

/** Rows that meet a number, or none, joined by a maximum or minimum that begins at nothing. */
export function semiringProduct(node: Node, walk: GraphWalk): Lookup | undefined {
  const scatter = scatterOf(node, walk);
  const [reduce, start] = reductions[scatter?.reduction ?? ""] ?? [];
  if (scatter === undefined || reduce === undefined || walk.uniform(scatter.start) !== start) return undefined;
  const joined = walk.producer(scatter.rows, "add", "mul");
  const met = scaled(joined, walk);
  const rows = met?.rows ?? walk.gathered(scatter.rows);
  if (rows === undefined) return undefined;
  return {
    ...plain,
    ...{ kind: "bag", reduce, activation: "identity", x: undefined },
    combine: met === undefined ? "none" : joined?.op === "add" ? "add" : "multiply",
    table: rows.table,
    source: edges({ indices: rows.indices, target: scatter.target, weights: met?.weight, like: scatter.start }),
    result: node.outputs[0] ?? "",
    nodes: names([rows.node, ...(met === undefined || joined === undefined ? [] : [joined]), ...scatter.nodes, node]),
    place: node.place,
  };
}

function edges(ends: { indices: string; target: string; weights: string | undefined; like: string }): Lookup["source"] {
  const { indices, target, weights, like } = ends;
  return { form: "segments", indices, segments: target, weights, count: undefined, rows: undefined, like };
}

function names(nodes: readonly Node[]): string[] {
  return [...new Set(nodes.map(({ name }) => name))];
}
