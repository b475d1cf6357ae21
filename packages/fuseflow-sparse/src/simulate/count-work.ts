import type { SimulationReport } from "@millrace/sim-core";
import type { SamBlock, SamGraph } from "../sam/graph.ts";
import { axesOf, tileOperations, tileVolume } from "../sam/tile-work.ts";
import type { SamNode } from "./make-block.ts";

/** Work done in a simulation, summed over blocks, in numbers: a tile counts for all of its places. */
export interface SamCounts {
  /** Coordinates that scanners gave. */
  readonly scanned: number;
  /** Values read from arrays. */
  readonly arrayReads: number;
  /** Operations of binary and unary ALUs. */
  readonly aluOperations: number;
  /** Values that reducers and accumulators summed. */
  readonly reduced: number;
  /** Values written. */
  readonly valuesWritten: number;
  /** Coordinates written. */
  readonly coordinatesWritten: number;
  /** Tokens on all streams. */
  readonly tokens: number;
  /** The same per block, for blocks of these kinds. */
  readonly byBlock: Readonly<Record<string, number>>;
}

type Counter = Exclude<keyof SamCounts, "tokens" | "byBlock">;

const counterOf: Partial<Record<SamBlock["type"], Counter>> = {
  scanner: "scanned",
  array: "arrayReads",
  alu: "aluOperations",
  unary: "aluOperations",
  reduce: "reduced",
  spacc: "reduced",
  "write-values": "valuesWritten",
  "write-level": "coordinatesWritten",
};

/** What one value of a block counts for: 1, or the numbers of a tile that it moves or works out. */
export function numbersOf(block: SamBlock): number {
  if (!("tile" in block) || block.tile === undefined) return 1;
  const moves = block.type === "array" || block.type === "write-values";
  return moves ? tileVolume(block.tile, axesOf(block.tile).output) : tileOperations(block.tile);
}

/** Adds up what the blocks of a finished machine counted. */
export function countWork(graph: SamGraph, nodes: ReadonlyMap<string, SamNode>, report: SimulationReport): SamCounts {
  const sums: Record<Counter, number> = {
    scanned: 0,
    arrayReads: 0,
    aluOperations: 0,
    reduced: 0,
    valuesWritten: 0,
    coordinatesWritten: 0,
  };
  const byBlock: Record<string, number> = {};
  for (const block of graph.blocks) {
    const counter = counterOf[block.type];
    const node = nodes.get(block.id);
    if (counter === undefined || node === undefined) continue;
    const work = node.work * numbersOf(block);
    sums[counter] += work;
    byBlock[block.id] = work;
  }
  const edges = new Set(graph.edges.map((edge) => edge.id));
  const tokens = report.channels.reduce((sum, channel) => sum + (edges.has(channel.id) ? channel.tokens : 0), 0);
  return { ...sums, tokens, byBlock };
}
