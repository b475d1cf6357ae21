/** The groups of a graph: as its nodes name them, or made by place where a large graph names none. */
import type { GraphNode, GraphView } from "../view/graph.ts";

/** A graph larger than this opens folded; where nothing says how, runs of nodes in the order of the edges are groups. */
export const MOST_SHOWN = 300;
const PART_NODES = 150;

/** The groups around a node, outermost first: `a/b` lies in `a` and in `a/b`. */
export function groupsAround(group: string | undefined): readonly string[] {
  if (group === undefined || group === "") return [];
  const parts = group.split("/");
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** The graph with a group for each node, where it is large and names no groups itself. */
export function withGroups(graph: GraphView): GraphView {
  const { nodes } = graph;
  if (nodes.length <= MOST_SHOWN || nodes.some(({ group }) => group !== undefined)) return graph;
  const parts = Math.ceil(nodes.length / PART_NODES);
  const digits = String(parts).length;
  const grouped: GraphNode[] = [...nodes];
  for (const [rank, at] of orderAlongEdges(graph).entries()) {
    const part = Math.floor(rank / PART_NODES);
    const name = `part ${String(part + 1).padStart(digits, "0")}`;
    const outer = `parts from ${String(part - (part % 100) + 1).padStart(digits, "0")}`;
    grouped[at] = { ...nodes[at]!, group: parts > MOST_SHOWN ? `${outer}/${name}` : name };
  }
  return { ...graph, nodes: grouped };
}

// Producers before consumers, as far as cycles allow; ties in the order of the document.
function orderAlongEdges({ nodes, edges }: GraphView): readonly number[] {
  const places = new Map(nodes.map(({ id }, at) => [id, at]));
  const after: number[][] = nodes.map(() => []);
  const waiting = new Int32Array(nodes.length);
  for (const { from, to } of edges) {
    after[places.get(from)!]!.push(places.get(to)!);
    waiting[places.get(to)!]! += 1;
  }
  const taken = new Uint8Array(nodes.length);
  const order: number[] = [];
  const take = (at: number) => {
    taken[at] = 1;
    order.push(at);
  };
  let next = 0;
  for (let start = 0; start < nodes.length; start++) {
    if (waiting[start] === 0 && !taken[start]) take(start);
  }
  for (let start = 0; order.length < nodes.length; start++) {
    for (; next < order.length; next++) {
      for (const to of after[order[next]!]!) {
        waiting[to]! -= 1;
        if (waiting[to] === 0 && !taken[to]) take(to);
      }
    }
    // What is left lies on or behind a cycle: it is cut at its first node.
    while (start < nodes.length && taken[start]) start++;
    if (start < nodes.length) take(start);
  }
  return order;
}

/** Groups to open at first: as many, the smallest first, as keep what is shown within `most`. */
export function openedAtFirst({ nodes }: GraphView, most: number = MOST_SHOWN): ReadonlySet<string> {
  const children = new Map<string, Set<string>>([["", new Set()]]);
  for (const { id, group } of nodes) {
    let parent = "";
    for (const path of groupsAround(group)) {
      childrenOf(children, parent).add(`group ${path}`);
      parent = path;
    }
    childrenOf(children, parent).add(`node ${id}`);
  }
  const opened = new Set<string>();
  let shown = children.get("")!.size;
  const openable = [...children.keys()].filter((path) => path !== "");
  openable.sort((a, b) => depth(a) - depth(b) || children.get(a)!.size - children.get(b)!.size || (a < b ? -1 : 1));
  for (const path of openable) {
    const outer = groupsAround(path).at(-2);
    const more = children.get(path)!.size - 1;
    if ((outer !== undefined && !opened.has(outer)) || shown + more > most) continue;
    opened.add(path);
    shown += more;
  }
  return opened;
}

function depth(path: string): number {
  return path.split("/").length;
}

function childrenOf(children: Map<string, Set<string>>, path: string): Set<string> {
  const known = children.get(path);
  if (known !== undefined) return known;
  const made = new Set<string>();
  children.set(path, made);
  return made;
}
