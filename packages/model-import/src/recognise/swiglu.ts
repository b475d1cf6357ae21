import type { Node, Tag } from "../graph/model-graph.ts";
import { type Matcher, operandOf, resultOf, tagOf } from "./matcher.ts";

/** SwiGLU: silu(x W_gate) * (x W_up), the expert layer of most mixtures of experts. */
export function recogniseSwiglu(matcher: Matcher): Tag[] {
  return matcher.graph.nodes.flatMap((node) => {
    const found = node.op === "mul" ? gated(matcher, node) : undefined;
    return found === undefined ? [] : [found];
  });
}

function gated(matcher: Matcher, node: Node): Tag | undefined {
  const gate = matcher.either(node, (value) => silu(matcher, value) !== undefined);
  const activation = gate === undefined ? undefined : silu(matcher, gate.hit);
  if (gate === undefined || activation === undefined) return undefined;
  const [left, up] = [
    matcher.producer(activation.data, "linear", "matmul"),
    matcher.producer(gate.other, "linear", "matmul"),
  ];
  if (left === undefined || up === undefined || operandOf(left, 0) !== operandOf(up, 0)) return undefined;
  const [user] = matcher.users(resultOf(node));
  const down =
    user !== undefined && (user.op === "linear" || user.op === "matmul") && operandOf(user, 0) === resultOf(node)
      ? user
      : undefined;
  const roles = {
    data: operandOf(left, 0),
    gate: operandOf(left, 1),
    up: operandOf(up, 1),
    result: resultOf(down ?? node),
    ...(down === undefined ? {} : { down: operandOf(down, 1) }),
  };
  const nodes = [left, up, ...activation.nodes, node, ...(down === undefined ? [] : [down])];
  return tagOf(matcher, "swiglu", { nodes, roles });
}

// silu as one node, or x * sigmoid(x).
function silu(matcher: Matcher, value: string): { data: string; nodes: Node[] } | undefined {
  const whole = matcher.producer(value, "silu");
  if (whole !== undefined) return { data: operandOf(whole, 0), nodes: [whole] };
  const product = matcher.producer(value, "mul");
  const parts =
    product === undefined
      ? undefined
      : matcher.either(product, (operand) => matcher.producer(operand, "sigmoid") !== undefined);
  const sigmoid = matcher.producer(parts?.hit, "sigmoid");
  if (product === undefined || sigmoid === undefined || operandOf(sigmoid, 0) !== parts?.other) return undefined;
  return { data: operandOf(sigmoid, 0), nodes: [sigmoid, product] };
}
