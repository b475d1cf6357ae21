import { edgeId } from "./connect-blocks.ts";
import type { SamBlock, SamEdge, SamGraph, SamPort, UnaryOperation } from "./graph.ts";

/**
 * The graph with a unary operation in front of its value writers: the activation at the end of a layer, such as `relu`.
 *
 * Only stored values pass through it, so the operation should map zero to zero. Zeros that it makes stay stored.
 */
export function applyToResult(graph: SamGraph, operation: UnaryOperation, constant?: number): SamGraph {
  const taken = new Set(graph.blocks.map((block) => block.id));
  const added: SamBlock[] = [];
  const edges = graph.edges.flatMap(({ to, from, kind, ...rest }): SamEdge[] => {
    const writer = graph.blocks.find((block) => block.id === to.block);
    if (writer?.type !== "write-values") return [{ ...rest, kind, from, to }];
    const id = freshName(`${operation}-${writer.id}`, taken);
    added.push({ id, type: "unary", operation, ...(constant === undefined ? {} : { constant }) });
    const end: SamPort = { block: id, port: "val" };
    return [edgeOf(from, end), edgeOf(end, to)];
  });
  return { ...graph, blocks: [...graph.blocks, ...added], edges };
}

function edgeOf(from: SamPort, to: SamPort): SamEdge {
  return { id: edgeId({ from, to }), kind: "val", from, to };
}

function freshName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let attempt = 2; taken.has(name); attempt++) name = `${wanted}-${attempt}`;
  taken.add(name);
  return name;
}
