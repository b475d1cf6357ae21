import type { Node, Tag } from "../graph/model-graph.ts";
import { type Matcher, operandOf, resultOf, tagOf } from "./matcher.ts";

/** A product with a weight of the model, with or without a bias; `transposed` says that the weight is [out, in]. */
export function recogniseLinear(matcher: Matcher): Tag[] {
  return matcher.graph.nodes.flatMap((node) => {
    if (node.op !== "linear" && node.op !== "matmul") return [];
    const found = node.op === "linear" ? whole(matcher, node) : product(matcher, node);
    return found === undefined ? [] : [found];
  });
}

function whole(matcher: Matcher, node: Node): Tag {
  const bias = node.inputs[2];
  const own = { data: operandOf(node, 0), weight: operandOf(node, 1), result: resultOf(node) };
  if (typeof bias === "string")
    return tagOf(matcher, "linear", { nodes: [node], roles: { ...own, bias }, attributes: { transposed: true } });
  return withBias(matcher, node, own, true);
}

function product(matcher: Matcher, node: Node): Tag | undefined {
  const turned = matcher.producer(operandOf(node, 1), "permute", "swap-axes");
  const given = turned === undefined ? operandOf(node, 1) : operandOf(turned, 0);
  if (!matcher.graph.params.has(given)) return undefined;
  const transposed = turned !== undefined || node.attributes.transposeB === true;
  const roles = { data: operandOf(node, 0), weight: given, result: resultOf(node) };
  return withBias(matcher, node, roles, transposed, turned);
}

function withBias(
  matcher: Matcher,
  node: Node,
  roles: Record<string, string>,
  transposed: boolean,
  turned?: Node,
): Tag {
  const nodes = turned === undefined ? [node] : [turned, node];
  const attributes = { transposed };
  const [user, ...more] = matcher.users(resultOf(node));
  const sum =
    more.length === 0 && user?.op === "add" ? matcher.either(user, (value) => isBias(matcher, value)) : undefined;
  if (sum === undefined || user === undefined) return tagOf(matcher, "linear", { nodes, roles, attributes });
  return tagOf(matcher, "linear", {
    nodes: [...nodes, user],
    roles: { ...roles, bias: sum.hit, result: resultOf(user) },
    attributes,
  });
}

function isBias(matcher: Matcher, value: string): boolean {
  return matcher.isParam(value) && matcher.valueOf(matcher.through(value).value)?.shape?.length === 1;
}
