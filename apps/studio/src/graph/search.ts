import type { GraphNode, GraphView } from "../view/graph.ts";

/** The nodes whose label, kind, id or group has every word of `text`, in their own order; undefined for no words. */
export function searchNodes({ nodes }: GraphView, text: string): readonly GraphNode[] | undefined {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  return nodes.filter(({ id, label, kind, group = "" }) => {
    const all = `${label}\n${kind}\n${id}\n${group}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
