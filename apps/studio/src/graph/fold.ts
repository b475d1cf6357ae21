/** A graph with some groups folded to one node each: what is drawn. */
import type { GraphEdge, GraphView } from "../view/graph.ts";
import { groupsAround } from "./groups.ts";

/** A node, or a folded group of nodes. */
export interface ShownNode {
  /** Id of the node, or `group:` and the path of the group. */
  readonly id: string;
  readonly label: string;
  readonly kind: string;
  /** Path of the group that this is; absent for a node. */
  readonly folded?: string;
  /** Nodes in it. */
  readonly size: number;
  /** Sums over the nodes in it. */
  readonly counters: Readonly<Record<string, number>>;
}

/** All edges from one shown node to another. */
export interface ShownEdge {
  readonly from: number;
  readonly to: number;
  /** The edges of the graph that it stands for. */
  readonly edges: readonly GraphEdge[];
  readonly tokens: number;
  readonly bytes: number;
}

/** What is drawn; edges name nodes by their places. */
export interface ShownGraph {
  readonly nodes: readonly ShownNode[];
  readonly edges: readonly ShownEdge[];
  /** The place of the shown node that stands for each node of the graph. */
  readonly placeOf: ReadonlyMap<string, number>;
}

/** Prefix of the ids of folded groups. */
const GROUP = "group:";

interface Growing {
  readonly id: string;
  readonly label: string;
  readonly kind: string;
  readonly folded?: string;
  size: number;
  readonly counters: Record<string, number>;
}

/** Folds every group that is not in `opened`, and what lies in it. */
export function fold(graph: GraphView, opened: ReadonlySet<string>): ShownGraph {
  const nodes: Growing[] = [];
  const places = new Map<string, number>();
  const placeOf = new Map<string, number>();
  for (const node of graph.nodes) {
    const folded = groupsAround(node.group).find((path) => !opened.has(path));
    const id = folded === undefined ? node.id : GROUP + folded;
    let at = places.get(id);
    if (at === undefined) {
      const { label, kind } = node;
      const made = folded === undefined ? { id, label, kind } : { id, label: lastName(folded), kind: "group", folded };
      at = nodes.push({ ...made, size: 0, counters: Object.create(null) }) - 1;
      places.set(id, at);
    }
    placeOf.set(node.id, at);
    const shown = nodes[at]!;
    shown.size += 1;
    for (const [name, value] of Object.entries(node.counters ?? {}))
      shown.counters[name] = (shown.counters[name] ?? 0) + value;
  }
  return { nodes, edges: foldEdges(graph, nodes, placeOf), placeOf };
}

function foldEdges(
  graph: GraphView,
  nodes: readonly Growing[],
  placeOf: ReadonlyMap<string, number>,
): readonly ShownEdge[] {
  const shown = new Map<number, { from: number; to: number; edges: GraphEdge[]; tokens: number; bytes: number }>();
  for (const edge of graph.edges) {
    const from = placeOf.get(edge.from)!;
    const to = placeOf.get(edge.to)!;
    if (from === to && nodes[from]!.folded !== undefined) continue;
    const key = from * nodes.length + to;
    const known = shown.get(key) ?? { from, to, edges: [], tokens: 0, bytes: 0 };
    known.edges.push(edge);
    known.tokens += edge.tokens ?? 0;
    known.bytes += edge.bytes ?? 0;
    shown.set(key, known);
  }
  return [...shown.values()];
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
