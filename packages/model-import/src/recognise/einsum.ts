import type { Tag } from "../graph/model-graph.ts";
import { type Matcher, resultOf, tagOf } from "./matcher.ts";

/** Contractions that are stated whole; operands have the roles `operand0`, `operand1`, … */
export function recogniseEinsum(matcher: Matcher): Tag[] {
  return matcher.graph.nodes.flatMap((node) => {
    if (node.op !== "einsum") return [];
    const operands = Object.fromEntries(node.inputs.map((input, index) => [`operand${index}`, input ?? ""]));
    const attributes = { equation: node.attributes.equation ?? "" };
    return [tagOf(matcher, "einsum", { nodes: [node], roles: { ...operands, result: resultOf(node) }, attributes })];
  });
}
