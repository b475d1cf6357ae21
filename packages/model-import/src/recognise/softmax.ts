import type { Node, Tag } from "../graph/model-graph.ts";
import { type Matcher, operandOf, resultOf, tagOf } from "./matcher.ts";

/** Softmax and its logarithm: whole, or as exponentials divided by their sum, shifted by the maximum or not. */
export function recogniseSoftmax(matcher: Matcher): Tag[] {
  return matcher.graph.nodes.flatMap((node) => {
    if (node.op === "softmax" || node.op === "log-softmax") {
      const roles = { data: operandOf(node, 0), result: resultOf(node) };
      return [tagOf(matcher, node.op, { nodes: [node], roles, attributes: { axis: node.attributes.axis ?? -1 } })];
    }
    const found = node.op === "div" ? divided(matcher, node) : undefined;
    return found === undefined ? [] : [found];
  });
}

// e / sum(e), where e = exp(x - max(x)), possibly with a mask: e = exp(x - max(x)) * m.
function divided(matcher: Matcher, node: Node): Tag | undefined {
  const [top, bottom] = [operandOf(node, 0), matcher.through(operandOf(node, 1))];
  const sum = matcher.producer(bottom.value, "sum");
  if (sum === undefined || operandOf(sum, 0) !== top) return undefined;
  const product = matcher.producer(top, "mul");
  const masked =
    product === undefined
      ? undefined
      : matcher.either(product, (value) => matcher.producer(value, "exp") === undefined);
  const exponential = matcher.producer(masked?.other ?? top, "exp");
  if (exponential === undefined) return undefined;
  const shift = matcher.producer(operandOf(exponential, 0), "sub");
  const peak = shift === undefined ? undefined : matcher.through(operandOf(shift, 1));
  const maximum = peak === undefined ? undefined : matcher.producer(peak.value, "max");
  const shifted = shift !== undefined && maximum !== undefined && operandOf(maximum, 0) === operandOf(shift, 0);
  const data = shifted ? operandOf(shift, 0) : operandOf(exponential, 0);
  const around = shifted ? [shift, maximum, ...(peak?.nodes ?? [])] : [];
  const nodes = [...around, exponential, ...(product === undefined ? [] : [product]), sum, ...bottom.nodes, node];
  const axes = sum.attributes.axes;
  const axis = Array.isArray(axes) && axes.length === 1 ? (axes[0] as number) : -1;
  const roles = { data, result: resultOf(node), ...(masked === undefined ? {} : { mask: masked.hit }) };
  return tagOf(matcher, "softmax", { nodes, roles, attributes: { axis } });
}
