import type { Node, Tag } from "../graph/model-graph.ts";
import { type Matcher, operandOf, resultOf, tagOf } from "./matcher.ts";

/**
 * Masks: elements that a comparison replaces by a constant. `mask` is the tensor that decides, `keptWhere` says whether
 * its zeros or its other elements keep theirs. Softmax tags carry masks that are products.
 */
export function recogniseMask(matcher: Matcher): Tag[] {
  return matcher.graph.nodes.flatMap((node) => {
    const found = node.op === "where" ? filled(matcher, node) : undefined;
    return found === undefined ? [] : [found];
  });
}

function filled(matcher: Matcher, node: Node): Tag | undefined {
  const [yes, no] = [matcher.constant(operandOf(node, 1)), matcher.constant(operandOf(node, 2))];
  const fill = yes ?? no;
  if (fill === undefined || (yes !== undefined && no !== undefined)) return undefined;
  const data = yes === undefined ? operandOf(node, 1) : operandOf(node, 2);
  const { mask, inverted, nodes } = decider(matcher, operandOf(node, 0));
  // The condition keeps the data where it is true if the data is its second operand.
  const keptWhereTrue = yes === undefined;
  const keptWhere = keptWhereTrue !== inverted ? "nonzero" : "zero";
  const roles = { data, mask, result: resultOf(node) };
  return tagOf(matcher, "mask", { nodes: [...nodes, node], roles, attributes: { fill, keptWhere } });
}

// mask == 0, mask != 0, not mask: the tensor behind a condition, and whether the condition is true at its zeros.
function decider(matcher: Matcher, condition: string): { mask: string; inverted: boolean; nodes: Node[] } {
  const nodes: Node[] = [];
  let held = condition;
  let inverted = false;
  for (let node = matcher.producer(held); node !== undefined; node = matcher.producer(held)) {
    const comparison =
      node.op === "equal" || node.op === "not-equal"
        ? matcher.either(node, (value) => matcher.constant(value) === 0)
        : undefined;
    const next =
      comparison?.other ??
      (["not", "bitwise-not", "cast", "identity"].includes(node.op) ? operandOf(node, 0) : undefined);
    if (next === undefined) break;
    if (node.op === "equal" || node.op === "not" || node.op === "bitwise-not") inverted = !inverted;
    nodes.push(node);
    held = next;
  }
  return { mask: held, inverted, nodes };
}
