import type { Node, Tag } from "../graph/model-graph.ts";
import { type Matcher, operandOf, resultOf, tagOf } from "./matcher.ts";

/**
 * Rows gathered by one list of indices and added up by another: the product of a matrix that is 1 at (target, source)
 * with the features. `reduction` is `mean` where the sums are divided by how many rows were added.
 */
export function recogniseSparseProduct(matcher: Matcher): Tag[] {
  return matcher.graph.nodes.flatMap((node) => {
    const scatter = scatterOf(matcher, node);
    if (scatter === undefined) return [];
    const rows = gathered(matcher, scatter.rows);
    if (rows === undefined) return [];
    const mean = dividedByCount(matcher, node, scatter.target);
    const roles = {
      features: rows.features,
      source: rows.source,
      target: scatter.target,
      result: resultOf(mean?.node ?? node),
      ...(rows.weights === undefined ? {} : { weights: rows.weights }),
    };
    const nodes = [...rows.nodes, ...scatter.nodes, node, ...(mean?.nodes ?? [])];
    return [
      tagOf(matcher, "sparse-product", {
        nodes,
        roles,
        attributes: { reduction: mean === undefined ? "sum" : "mean" },
      }),
    ];
  });
}

interface Scatter {
  readonly target: string;
  readonly rows: string;
  readonly nodes: readonly Node[];
}

// The forms of "add rows into zeros": scatter-elements with indices repeated over the columns, index-add, index-put, scatter-nd.
function scatterOf(matcher: Matcher, node: Node): Scatter | undefined {
  if (node.op === "unsorted-segment" || node.op === "segment") {
    if (node.attributes.mode !== "sum") return undefined;
    return { target: operandOf(node, 1), rows: operandOf(node, 0), nodes: [] };
  }
  if (node.attributes.reduction !== "add" || !isZero(matcher, operandOf(node, 0))) return undefined;
  const at = node.op === "index-put" ? { target: 2, rows: 1 } : { target: 1, rows: 2 };
  if (!["scatter-elements", "index-add", "index-put", "scatter-nd"].includes(node.op)) return undefined;
  const { axis } = node.attributes;
  if (typeof axis === "number" && axis !== 0) return undefined;
  if (node.inputs.length > 3) return undefined;
  const behind = matcher.through(operandOf(node, at.target));
  return { target: behind.value, rows: operandOf(node, at.rows), nodes: behind.nodes };
}

function isZero(matcher: Matcher, value: string): boolean {
  if (matcher.constant(value) === 0) return true;
  const product = matcher.producer(matcher.through(value).value, "mul");
  if (product !== undefined) return product.inputs.some((input) => matcher.constant(input) === 0);
  return matcher.uniform(value) === 0;
}

function gathered(
  matcher: Matcher,
  value: string,
): { features: string; source: string; weights?: string; nodes: Node[] } | undefined {
  const direct = matcher.producer(value, "gather", "embedding", "index");
  if (direct !== undefined) {
    if (direct.op === "index" && direct.inputs.length !== 2) return undefined;
    if (direct.op === "gather" && direct.attributes.axis !== 0 && direct.attributes.axis !== -2) return undefined;
    const index = matcher.through(operandOf(direct, 1));
    return { features: operandOf(direct, 0), source: index.value, nodes: [...index.nodes, direct] };
  }
  const product = matcher.producer(value, "mul");
  const scaled =
    product === undefined ? undefined : matcher.either(product, (operand) => gathered(matcher, operand) !== undefined);
  const inner = scaled === undefined ? undefined : gathered(matcher, scaled.hit);
  if (product === undefined || scaled === undefined || inner === undefined) return undefined;
  return { ...inner, weights: matcher.through(scaled.other).value, nodes: [...inner.nodes, product] };
}

// A division by the number of rows of each target: ones added up by the same indices, at least 1.
function dividedByCount(matcher: Matcher, node: Node, target: string): { node: Node; nodes: Node[] } | undefined {
  for (const user of matcher.users(resultOf(node))) {
    if (user.op !== "div" || operandOf(user, 0) !== resultOf(node)) continue;
    const count = matcher.through(operandOf(user, 1));
    const clamped = matcher.producer(count.value, "clamp", "maximum");
    const counted = clamped === undefined ? count.value : operandOf(clamped, 0);
    const scatter = matcher.producer(counted, "scatter-elements", "index-add", "index-put", "scatter-nd");
    const form = scatter === undefined ? undefined : scatterOf(matcher, scatter);
    if (scatter === undefined || form === undefined || form.target !== target || !isOne(matcher, form.rows)) continue;
    return {
      node: user,
      nodes: [...form.nodes, scatter, ...(clamped === undefined ? [] : [clamped]), ...count.nodes, user],
    };
  }
  return undefined;
}

function isOne(matcher: Matcher, value: string): boolean {
  return matcher.uniform(value) === 1;
}
