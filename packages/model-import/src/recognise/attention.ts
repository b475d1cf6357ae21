import type { Node, Tag } from "../graph/model-graph.ts";
import { type Matcher, operandOf, resultOf, tagOf } from "./matcher.ts";

/** Attention: a product of a softmax of scaled, possibly masked scores with values. */
export function recogniseAttention(matcher: Matcher): Tag[] {
  return matcher.graph.nodes.flatMap((node) => {
    if (node.op === "attention") return [whole(matcher, node)];
    const found = node.op === "matmul" ? composed(matcher, node) : undefined;
    return found === undefined ? [] : [found];
  });
}

function whole(matcher: Matcher, node: Node): Tag {
  const [query, key, value, mask] = node.inputs;
  const roles = {
    query: query ?? "",
    key: key ?? "",
    value: value ?? "",
    result: resultOf(node),
    ...(typeof mask === "string" ? { mask } : {}),
  };
  return tagOf(matcher, "attention", { nodes: [node], roles, attributes: { causal: node.attributes.causal === true } });
}

function composed(matcher: Matcher, node: Node): Tag | undefined {
  const weights = matcher.through(operandOf(node, 0));
  const softmax = matcher.producer(weights.value, "softmax");
  if (softmax === undefined) return undefined;
  const nodes: Node[] = [...weights.nodes, softmax, node];
  let held = operandOf(softmax, 0);
  let mask: string | undefined;
  let scale: number | undefined;
  for (;;) {
    const step = matcher.producer(held);
    if (step === undefined) return undefined;
    nodes.push(step);
    if (step.op === "matmul") break;
    const scalar =
      step.op === "mul" || step.op === "div"
        ? matcher.either(step, (value) => matcher.constant(value) !== undefined)
        : undefined;
    if (scalar !== undefined) {
      const factor = matcher.constant(scalar.hit) ?? 1;
      scale = (scale ?? 1) * (step.op === "div" ? 1 / factor : factor);
      held = scalar.other;
    } else if (step.op === "where") {
      const kept = matcher.constant(operandOf(step, 1)) === undefined ? 1 : 2;
      mask = operandOf(step, 0);
      held = operandOf(step, kept);
    } else if (step.op === "add") {
      const [a, b] = [operandOf(step, 0), operandOf(step, 1)];
      const scoresFirst = reachesProduct(matcher, a);
      mask = scoresFirst ? b : a;
      held = scoresFirst ? a : b;
    } else if (["identity", "cast", "reshape"].includes(step.op)) held = operandOf(step, 0);
    else return undefined;
  }
  const scores = matcher.producer(held, "matmul");
  if (scores === undefined) return undefined;
  const turned = matcher.producer(operandOf(scores, 1), "permute", "swap-axes");
  const roles = {
    query: operandOf(scores, 0),
    key: turned === undefined ? operandOf(scores, 1) : operandOf(turned, 0),
    value: operandOf(node, 1),
    result: resultOf(node),
    ...(mask === undefined ? {} : { mask }),
  };
  return tagOf(matcher, "attention", { nodes, roles, attributes: { scale: scale ?? 1 } });
}

function reachesProduct(matcher: Matcher, value: string): boolean {
  let held = value;
  for (let step = 0; step < 6; step++) {
    const node = matcher.producer(held);
    if (node === undefined) return false;
    if (node.op === "matmul") return true;
    held = operandOf(node, 0);
  }
  return false;
}
