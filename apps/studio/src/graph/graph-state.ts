/** What a graph panel remembers in the address, and what its keys do. */
import { useMemo } from "preact/hooks";
import { useRemembered } from "../shell/address.ts";
import type { GraphView } from "../view/graph.ts";
import { fold, type ShownGraph } from "./fold.ts";
import { groupsAround, openedAtFirst, withGroups } from "./groups.ts";
import { edgesOf } from "./node-facts.tsx";

/** More nodes than this are not opened at once. */
const MOST_OPENED = 6000;

/** Which groups are open, and how that is changed. */
export interface Folding {
  readonly graph: GraphView;
  readonly shown: ShownGraph;
  readonly groups: ReadonlySet<string>;
  readonly opened: ReadonlySet<string>;
  toggle(group: string): void;
  /** Opens all groups around a node. */
  reveal(group: string | undefined): void;
  openAll(): void;
  foldAll(): void;
}

/** The folding of a graph; the address has the groups that differ from how it opens. */
export function useFolding(document: GraphView): Folding {
  const [text, setText] = useRemembered("folding", "");
  const graph = useMemo(() => withGroups(document), [document]);
  const groups = useMemo(() => new Set(graph.nodes.flatMap(({ group }) => groupsAround(group))), [graph]);
  const first = useMemo(() => openedAtFirst(graph), [graph]);
  const opened = useMemo(() => parseFolding(text, first, groups), [text, first, groups]);
  const shown = useMemo(() => fold(graph, opened), [graph, opened]);
  const set = (next: ReadonlySet<string>) => setText(printFolding(next, first, groups));
  return {
    graph,
    shown,
    groups,
    opened,
    toggle: (group) => set(opened.has(group) ? without(opened, group) : new Set([...opened, group])),
    reveal: (group) => set(new Set([...opened, ...groupsAround(group)])),
    openAll: () => set(openedAtFirst(graph, MOST_OPENED)),
    foldAll: () => set(new Set()),
  };
}

function without(opened: ReadonlySet<string>, group: string): ReadonlySet<string> {
  return new Set([...opened].filter((path) => path !== group && !path.startsWith(`${group}/`)));
}

/** Groups that are open though they would be folded, and folded ones though they would be open; all and none have a word. */
export function printFolding(
  opened: ReadonlySet<string>,
  first: ReadonlySet<string>,
  groups: ReadonlySet<string>,
): string {
  if (groups.size > 0 && opened.size === 0) return "none";
  if (opened.size === groups.size && first.size < groups.size) return "all";
  const changes = [...groups].filter((path) => opened.has(path) !== first.has(path));
  return changes.length === 0 ? "" : JSON.stringify(changes);
}

/** The groups that a text leaves open; a text that is none of ours leaves the first ones. */
export function parseFolding(
  text: string,
  first: ReadonlySet<string>,
  groups: ReadonlySet<string>,
): ReadonlySet<string> {
  if (text === "none") return new Set();
  if (text === "all") return groups;
  let changes: unknown;
  try {
    changes = JSON.parse(text || "[]");
  } catch {
    return first;
  }
  const flipped = new Set(Array.isArray(changes) ? changes : []);
  return new Set([...groups].filter((path) => first.has(path) !== flipped.has(path)));
}

/** Where an arrow key leads from a node: along its first edge, or to the next node that shares a neighbour with it. */
export function follow(shown: ShownGraph, node: number, step: "down" | "up" | 1 | -1): number {
  if (node < 0) return shown.nodes.length > 0 ? 0 : -1;
  if (step === "down") return edgesOf(shown, node, "from").find(({ to }) => to !== node)?.to ?? node;
  if (step === "up") return edgesOf(shown, node, "to").find(({ from }) => from !== node)?.from ?? node;
  const [edge] = edgesOf(shown, node, "to");
  const beside =
    edge === undefined
      ? shown.nodes.flatMap((_, at) => (edgesOf(shown, at, "to").length === 0 ? [at] : []))
      : [...new Set(edgesOf(shown, edge.from, "from").map(({ to }) => to))];
  const at = beside.indexOf(node);
  return beside[(at + step + beside.length) % beside.length] ?? node;
}
