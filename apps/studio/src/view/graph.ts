/** A program as a graph, with what its nodes and edges did in a run. */
import * as v from "valibot";
import { checked, finite } from "../read/checked.ts";

/** A node; `busy`, `starved` and `blocked` are cycles, other counters are what their names say. */
export interface GraphNode {
  /** Unique in the graph. */
  readonly id: string;
  readonly label: string;
  /** The operator or block it is; nodes of one kind look alike. */
  readonly kind: string;
  /** The group it is folded into, nested by slashes: `layer 1/attention`. */
  readonly group?: string;
  readonly counters?: Readonly<Record<string, number>>;
}

/** An edge from one node to another. */
export interface GraphEdge {
  /** Id of the node it leaves. */
  readonly from: string;
  /** Id of the node it enters. */
  readonly to: string;
  readonly label?: string;
  /** What travelled along it. */
  readonly tokens?: number;
  readonly bytes?: number;
  /** Most tokens that were in it at once. */
  readonly highWater?: number;
  /** Tokens it holds; unbounded if absent. */
  readonly capacity?: number;
}

/** A graph; cycles in it are allowed. */
export interface GraphView {
  /** Length of the run whose counters the nodes carry. */
  readonly cycles?: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const node = v.object({
  id: v.string(),
  label: v.string(),
  kind: v.string(),
  group: v.exactOptional(v.string()),
  counters: v.exactOptional(v.record(v.string(), finite)),
});

const edge = v.object({
  from: v.string(),
  to: v.string(),
  label: v.exactOptional(v.string()),
  tokens: v.exactOptional(finite),
  bytes: v.exactOptional(finite),
  highWater: v.exactOptional(finite),
  capacity: v.exactOptional(finite),
});

/** The form of a graph; other documents contain graphs. */
export const graphSchema: v.GenericSchema<unknown, GraphView> = v.pipe(
  v.object({ cycles: v.exactOptional(finite), nodes: v.array(node), edges: v.array(edge) }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const message = inconsistency(dataset.value);
    if (message !== undefined) addIssue({ message });
  }),
);

function inconsistency({ nodes, edges }: GraphView): string | undefined {
  const ids = new Set<string>();
  for (const { id } of nodes) {
    if (ids.has(id)) return `two nodes have the id ${JSON.stringify(id)}`;
    ids.add(id);
  }
  for (const [at, { from, to }] of edges.entries()) {
    const unknown = ids.has(from) ? (ids.has(to) ? undefined : to) : from;
    if (unknown !== undefined) return `edge ${at} names ${JSON.stringify(unknown)}, which is no node`;
  }
  return undefined;
}

/**
 * A graph from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readGraphView(document: unknown): GraphView {
  return checked(graphSchema, document, "graph");
}
