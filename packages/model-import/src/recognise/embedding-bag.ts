import type { Node, Tag } from "../graph/model-graph.ts";
import { type Matcher, operandOf, resultOf, tagOf } from "./matcher.ts";

/**
 * Embedding bags in every form that exporters write: whole; as TensorFlow's segments over gathered rows, with or without
 * a `Unique` and with weights; as the ONNX loop over slices of the gathered rows.
 *
 * Roles: `table`, `indices`, `result`, and `offsets` or `segments`; `weights` where rows are scaled.
 */
export function recogniseEmbeddingBag(matcher: Matcher): Tag[] {
  return matcher.graph.nodes.flatMap((node) => {
    const found =
      whole(matcher, node) ?? sparseSegment(matcher, node) ?? scaledSegment(matcher, node) ?? loop(matcher, node);
    return found === undefined ? [] : [found];
  });
}

function whole(matcher: Matcher, node: Node): Tag | undefined {
  if (node.op !== "embedding-bag") return undefined;
  const [table, indices, offsets, weights] = node.inputs;
  const roles = {
    table: table ?? "",
    indices: indices ?? "",
    result: resultOf(node),
    ...(typeof offsets === "string" ? { offsets } : {}),
    ...(typeof weights === "string" ? { weights } : {}),
  };
  return tagOf(matcher, "embedding-bag", { nodes: [node], roles, attributes: { ...node.attributes, form: "whole" } });
}

// Ids that went through Unique: the rows that are looked up are unique[position].
function indicesBehind(matcher: Matcher, table: string, positions: string) {
  const rows = matcher.producer(matcher.through(table).value, "gather", "embedding");
  const unique = rows === undefined ? undefined : matcher.producer(matcher.through(operandOf(rows, 1)).value, "unique");
  if (rows === undefined || unique === undefined || unique.outputs[1] !== matcher.through(positions).value)
    return undefined;
  return { table: operandOf(rows, 0), indices: operandOf(unique, 0), nodes: [unique, rows] };
}

function sparseSegment(matcher: Matcher, node: Node): Tag | undefined {
  if (node.op !== "sparse-segment") return undefined;
  const [table, positions, segments] = [operandOf(node, 0), operandOf(node, 1), operandOf(node, 2)];
  const behind = indicesBehind(matcher, table, positions) ?? { table, indices: positions, nodes: [] };
  const roles = {
    table: behind.table,
    indices: behind.indices,
    segments: matcher.through(segments).value,
    result: resultOf(node),
  };
  const attributes = { mode: node.attributes.mode ?? "sum", form: "segments" };
  return tagOf(matcher, "embedding-bag", { nodes: [...behind.nodes, node], roles, attributes });
}

// Rows gathered from a table of the model, scaled or not, summed by sorted or unsorted segments.
function scaledSegment(matcher: Matcher, node: Node): Tag | undefined {
  if (node.op !== "segment" && node.op !== "unsorted-segment") return undefined;
  const product = matcher.producer(operandOf(node, 0), "mul");
  const isRows = (value: string) => matcher.producer(value, "gather", "embedding") !== undefined;
  const scaled = product === undefined ? undefined : matcher.either(product, isRows);
  const rows = matcher.producer(scaled?.hit ?? operandOf(node, 0), "gather", "embedding");
  if (rows === undefined) return undefined;
  const behind = indicesBehind(matcher, operandOf(rows, 0), operandOf(rows, 1)) ?? {
    table: operandOf(rows, 0),
    indices: operandOf(rows, 1),
    nodes: [],
  };
  if (!matcher.isParam(behind.table)) return undefined;
  const roles = {
    table: behind.table,
    indices: behind.indices,
    segments: matcher.through(operandOf(node, 1)).value,
    result: resultOf(node),
    ...(scaled === undefined ? {} : { weights: matcher.through(scaled.other).value }),
  };
  const nodes = [...behind.nodes, rows, ...(product === undefined || scaled === undefined ? [] : [product]), node];
  return tagOf(matcher, "embedding-bag", {
    nodes,
    roles,
    attributes: { mode: node.attributes.mode ?? "sum", form: "segments" },
  });
}

// A loop over bags that appends the reduction of a slice of gathered rows to a sequence, which is joined behind it.
function loop(matcher: Matcher, node: Node): Tag | undefined {
  if (node.op !== "concat-from-sequence") return undefined;
  const looped = matcher.producer(operandOf(node, 0), "loop");
  const [body] = looped?.regions ?? [];
  if (looped === undefined || body === undefined) return undefined;
  const inner = allNodes(body.nodes);
  if (!inner.some(({ op }) => op === "sequence-insert")) return undefined;
  const slices = inner.filter(({ op }) => op === "slice" || op === "gather");
  const rows = slices.map((step) => rowsBehind(matcher, operandOf(step, 0))).find((found) => found !== undefined);
  const own = new Set([...body.inputs, ...inner.flatMap(({ outputs }) => outputs)]);
  const offsets = slices
    .map((step) => operandOf(step, 0))
    .find((name) => !own.has(name) && rowsBehind(matcher, name) === undefined);
  // A mean may be told apart for the last bag, as a sum over a count.
  const mode = ["mean", "max", "sum"].find((name) => inner.some(({ op }) => op === name));
  if (mode === undefined || rows === undefined || offsets === undefined) return undefined;
  const joined = matcher.producer(matcher.through(offsets).value, "concat");
  const roles = {
    table: operandOf(rows.gather, 0),
    indices: matcher.through(operandOf(rows.gather, 1)).value,
    // The exporter appends the number of indices to the offsets, unless they come with it.
    offsets: joined === undefined ? offsets : operandOf(joined, 0),
    result: resultOf(node),
    ...(rows.weights === undefined ? {} : { weights: rows.weights }),
  };
  return tagOf(matcher, "embedding-bag", {
    nodes: [rows.gather, ...rows.nodes, looped, node],
    roles,
    attributes: { mode, form: "loop", includeLastOffset: joined === undefined, paddingIndex: null },
  });
}

function rowsBehind(matcher: Matcher, value: string): { gather: Node; nodes: Node[]; weights?: string } | undefined {
  const direct = matcher.producer(value, "gather", "embedding");
  if (direct !== undefined) return { gather: direct, nodes: [] };
  const product = matcher.producer(value, "mul");
  const scaled =
    product === undefined
      ? undefined
      : matcher.either(product, (operand) => matcher.producer(operand, "gather", "embedding") !== undefined);
  const gather = matcher.producer(scaled?.hit, "gather", "embedding");
  if (product === undefined || scaled === undefined || gather === undefined) return undefined;
  const weights = matcher.through(scaled.other).value;
  // PyTorch's exporter multiplies by ones where there are no weights.
  const ones = matcher.uniform(scaled.other) === 1;
  return ones ? { gather, nodes: [product] } : { gather, nodes: [product], weights };
}

function allNodes(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...node.regions.flatMap((region) => allNodes(region.nodes))]);
}
