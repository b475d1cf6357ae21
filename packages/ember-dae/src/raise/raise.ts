/** Finds the embedding operations of a model; whatever a framework made of one becomes one {@link Lookup}. */
import { type ModelGraph, type Node, normalise, type Tag } from "@millrace/model-import";
import { GraphWalk } from "./graph-walk.ts";
import type { Lookup, LookupSource } from "./lookup.ts";
import { fusedProduct, sampledProduct, semiringProduct } from "./message-passing.ts";
import { safeLookup } from "./safe-lookup.ts";

/** A model and its embedding operations, in the order of the model. */
export interface RaisedModel {
  readonly graph: ModelGraph;
  readonly lookups: readonly Lookup[];
}

/** Raises every embedding operation of a model. A model without any has an empty list. */
export function raise(model: ModelGraph): RaisedModel {
  const graph = normalise(model);
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const walk = new GraphWalk(graph);
  const taken = new Set<string>();
  const found: Lookup[] = [];
  const keep = (lookup: Lookup | undefined) => {
    if (lookup === undefined) return;
    found.push(lookup);
    for (const name of lookup.nodes) taken.add(name);
    taken.add(lookup.result);
  };
  // What is added up along edges may be products of the rows at their ends: more than a sparse product.
  for (const node of graph.nodes) keep(fusedProduct(node, walk) ?? semiringProduct(node, walk));
  for (const tag of graph.tags) {
    const lookup = tag.pattern === "embedding-bag" ? bag(tag, byName) : product(tag, graph, byName);
    // What is a bag may also look like a sparse product; the first one stands.
    if (lookup === undefined || taken.has(lookup.result)) continue;
    const safe = graph.nodes.map((node) => safeLookup(node, lookup, walk)).find((folded) => folded !== undefined);
    keep(safe ?? lookup);
  }
  for (const node of graph.nodes) {
    if (taken.has(node.name)) continue;
    const products = sparseMatmul(node) ?? sampled(node, graph) ?? encodedMatmul(node, graph);
    keep(sampledProduct(node, walk) ?? products);
  }
  for (const node of graph.nodes) {
    const lookup = taken.has(node.name) ? undefined : gather(node, graph);
    if (lookup !== undefined) found.push(lookup);
  }
  const order = new Map(graph.nodes.flatMap((node, place) => node.outputs.map((output) => [output, place] as const)));
  found.sort((a, b) => (order.get(a.result) ?? 0) - (order.get(b.result) ?? 0));
  return { graph, lookups: found };
}

const plain: Pick<Lookup, "reduce" | "finish" | "tableTransposed" | "x" | "combine" | "activation"> = {
  ...{ reduce: "add", finish: "none", tableTransposed: false, x: undefined },
  ...{ combine: "multiply", activation: "identity" },
};

function bag(tag: Tag, nodes: ReadonlyMap<string, Node>): Lookup | undefined {
  const { roles, attributes } = tag;
  const last = nodes.get(tag.nodes[tag.nodes.length - 1] ?? "");
  if (last === undefined || roles.table === undefined || roles.indices === undefined || roles.result === undefined)
    return undefined;
  const mode = attributes.mode;
  const finish = mode === "mean" || mode === "sqrtn" ? mode : mode === "max" ? "zero-empty" : "none";
  const source: LookupSource =
    roles.segments === undefined
      ? {
          form: "offsets",
          indices: roles.indices,
          offsets: roles.offsets,
          weights: roles.weights,
          includeLastOffset: attributes.includeLastOffset === true,
          paddingIndex: typeof attributes.paddingIndex === "number" ? attributes.paddingIndex : undefined,
        }
      : {
          form: "segments",
          indices: roles.indices,
          segments: roles.segments,
          weights: roles.weights,
          count: countOf(last),
          ...{ rows: undefined, like: undefined },
        };
  return {
    ...plain,
    kind: "bag",
    reduce: mode === "max" ? "maximum" : "add",
    finish,
    table: roles.table,
    source,
    result: roles.result,
    nodes: tag.nodes,
    place: last.place,
  };
}

// Segments with a number of segments have it behind the segment ids.
function countOf(node: Node): string | undefined {
  const place = node.op === "sparse-segment" ? 3 : 2;
  return node.inputs[place] ?? undefined;
}

function product(tag: Tag, graph: ModelGraph, nodes: ReadonlyMap<string, Node>): Lookup | undefined {
  const { roles, attributes } = tag;
  const last = nodes.get(tag.nodes[tag.nodes.length - 1] ?? "");
  if (tag.pattern !== "sparse-product" || last === undefined) return undefined;
  if (roles.features === undefined || roles.source === undefined || roles.target === undefined) return undefined;
  if (roles.result === undefined || graph.values.get(roles.features)?.shape?.length !== 2) return undefined;
  const [rows] = graph.values.get(roles.result)?.shape ?? [];
  const [like] = last.inputs;
  if (typeof rows !== "number" && typeof like !== "string") return undefined;
  return {
    ...plain,
    kind: "bag",
    finish: attributes.reduction === "mean" ? "mean" : "none",
    table: roles.features,
    source: {
      form: "segments",
      indices: roles.source,
      segments: roles.target,
      weights: roles.weights,
      count: undefined,
      ...(typeof rows === "number" ? { rows, like: undefined } : { rows: undefined, like: like ?? undefined }),
    },
    result: roles.result,
    nodes: tag.nodes,
    place: last.place,
  };
}

const floats = new Set(["f64", "f32", "f16", "bf16"]);

function gather(node: Node, graph: ModelGraph): Lookup | undefined {
  const [table, indices] = node.inputs;
  const looksUp = node.op === "gather" || node.op === "embedding" || (node.op === "index" && node.inputs.length === 2);
  if (!looksUp || typeof table !== "string" || typeof indices !== "string") return undefined;
  if (node.op === "gather" && node.attributes.axis !== 0) return undefined;
  const ids = graph.values.get(indices)?.dtype;
  // A mask of truth values picks rows too, but says how many only when it is there.
  if (node.op === "index" && ids !== "i64" && ids !== "i32") return undefined;
  const held = graph.values.get(table);
  const weight = graph.params.get(table)?.weight;
  const dtype = held?.dtype ?? weight?.dtype;
  const rank = held?.shape?.length ?? weight?.shape.length;
  if (dtype === undefined || !floats.has(dtype) || rank === undefined || rank < 2) return undefined;
  return {
    ...plain,
    kind: "gather",
    table,
    // As frameworks have it: indexing counts from the end, an embedding does not.
    source: { form: "ids", indices, fromEnd: node.op !== "embedding" },
    result: node.outputs[0] ?? "",
    nodes: [node.name],
    place: node.place,
  };
}

function sparseMatmul(node: Node): Lookup | undefined {
  const [coordinates, values, shape, table] = node.inputs;
  if (node.op !== "sparse-dense-matmul" || typeof coordinates !== "string" || typeof values !== "string")
    return undefined;
  if (typeof shape !== "string" || typeof table !== "string") return undefined;
  return {
    ...plain,
    kind: "bag",
    table,
    tableTransposed: node.attributes.transposeB === true,
    source: { form: "coordinates", coordinates, values, shape, transposed: node.attributes.transposeA === true },
    result: node.outputs[0] ?? "",
    nodes: [node.name],
    place: node.place,
  };
}

function isSparse(graph: ModelGraph, value: string | null | undefined): value is string {
  if (typeof value !== "string") return false;
  const held = graph.values.get(value);
  const compressed = held?.encoding?.levels.some(({ kind }) => kind !== "dense") === true;
  return (compressed || held?.layout === "coo") && held?.shape?.length === 2;
}

// S * (P Q) with a sparse S: only entries of S are computed.
function sampled(node: Node, graph: ModelGraph): Lookup | undefined {
  if (node.op !== "mul") return undefined;
  const matrix = node.inputs.find((input) => isSparse(graph, input));
  const other = node.inputs.find((input) => input !== matrix);
  const dense = graph.nodes.find(({ outputs, op }) => op === "matmul" && outputs[0] === other);
  const [x, table] = dense?.inputs ?? [];
  if (typeof matrix !== "string" || typeof x !== "string" || typeof table !== "string") return undefined;
  return {
    ...plain,
    kind: "sddmm",
    table,
    tableTransposed: true,
    x,
    source: { form: "dense-entries", matrix },
    result: node.outputs[0] ?? "",
    nodes: [dense?.name ?? "", node.name],
    place: node.place,
  };
}

function encodedMatmul(node: Node, graph: ModelGraph): Lookup | undefined {
  const [matrix, table] = node.inputs;
  const einsum = node.op === "einsum" && node.attributes.equation === "ij,jk->ik";
  if ((node.op !== "matmul" && !einsum) || !isSparse(graph, matrix) || typeof table !== "string") return undefined;
  if (isSparse(graph, table)) return undefined;
  return {
    ...plain,
    kind: "bag",
    table,
    source: { form: "dense-entries", matrix },
    result: node.outputs[0] ?? "",
    nodes: [node.name],
    place: node.place,
  };
}
