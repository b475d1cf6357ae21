/** A SAM graph as plain data for whatever draws it, with what a run did. */
import { type ChannelTraffic, type NodeTimes, runOverlay, type SimulationReport } from "@millrace/sim-core";
import type { SamGraph } from "../graph.ts";
import { describeBlock } from "./describe-block.ts";

/** A block. */
export interface PlainNode {
  readonly id: string;
  /** What it does, in one line or two. */
  readonly label: string;
  /** Type of the block. */
  readonly kind: string;
  readonly group?: string;
  readonly counters?: NodeTimes;
}

/** An edge between two blocks, and what travelled along it. */
export interface PlainEdge extends Partial<ChannelTraffic> {
  readonly from: string;
  readonly to: string;
  /** What kind of stream it is. */
  readonly label: string;
}

/** A graph; JSON as it stands. */
export interface PlainGraph {
  /** Length of the run, in cycles. */
  readonly cycles?: number;
  readonly nodes: readonly PlainNode[];
  readonly edges: readonly PlainEdge[];
}

/** How one graph stands among several. */
export interface GraphPart {
  /** Goes before all ids. */
  readonly prefix?: string;
  /** The group that holds its blocks. */
  readonly group?: string;
}

/** The graph; with the report of a run, what each block and edge did in it. */
export function plainGraph(graph: SamGraph, report: SimulationReport | null, part: GraphPart = {}): PlainGraph {
  const { prefix = "", group } = part;
  const { times, traffic } = runOverlay(report);
  const nodes = graph.blocks.map((block): PlainNode => {
    const counters = times.get(block.id);
    return {
      id: prefix + block.id,
      label: describeBlock(block),
      kind: block.type,
      ...(group !== undefined && { group }),
      ...(counters !== undefined && { counters }),
    };
  });
  const edges = graph.edges.map(
    ({ id, kind, from, to }): PlainEdge => ({
      from: prefix + from.block,
      to: prefix + to.block,
      label: kind,
      ...traffic.get(id),
    }),
  );
  return { ...(report !== null && { cycles: report.cycles }), nodes, edges };
}
