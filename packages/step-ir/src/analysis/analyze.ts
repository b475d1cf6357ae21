/**
 * The symbolic metrics of a program: off-chip bytes, on-chip bytes and their sums, exact in the symbols of its streams.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §4.2 (profile `paper`); the published program for profile
 * `artifact`.
 */
import { add, constant, multiply, positive } from "../extent/arithmetic.ts";
import type { Extent } from "../extent/extent.ts";
import type { Accounting, TypedNode } from "../program/operator.ts";
import type { Program } from "../program/program.ts";
import { cardinality } from "../stream/shape.ts";

export type { Accounting };

/** What is counted, and how. */
export interface AnalyzeOptions extends Partial<Accounting> {
  /** Whether memory of nodes that see no element counts (`allocated`, the default) or not (`on-demand`). */
  readonly count?: "allocated" | "on-demand";
}

/** Metrics of one node. */
export interface NodeMetrics {
  readonly id: string;
  readonly offChipBytes: Extent;
  readonly onChipBytes: Extent;
}

/** Metrics of a program. */
export interface Metrics {
  /** Bytes moved to and from off-chip memory. */
  readonly offChipBytes: Extent;
  /** Bytes held on chip. */
  readonly onChipBytes: Extent;
  /** Floating-point operations; over `offChipBytes` they are the operational intensity. */
  readonly flops: Extent;
  /** Operations per cycle of all nodes that compute, where they have a limit. */
  readonly computeBandwidth: number;
  /** The nodes that move or hold anything, in the order of the program. */
  readonly nodes: readonly NodeMetrics[];
}

/** Counts the bytes of `program`; profile `paper`, declared element sizes and `allocated` unless the options say otherwise. */
export function analyze(program: Program, options: AnalyzeOptions = {}): Metrics {
  const { profile = "paper", loadBytesPerF32 = 4, count = "allocated" } = options;
  const accounting: Accounting = { profile, loadBytesPerF32 };
  const nodes: NodeMetrics[] = [];
  for (const node of program.nodes) {
    const typed = program.typed(node);
    const offChipBytes = node.operator.offChipBytes?.(typed, accounting) ?? constant(0);
    const held = node.operator.onChipBytes?.(typed, accounting) ?? constant(0);
    const onChipBytes = count === "allocated" ? held : multiply(held, positive(elementsOf(typed)));
    if (offChipBytes.value !== 0 || onChipBytes.value !== 0) nodes.push({ id: node.id, offChipBytes, onChipBytes });
  }
  return {
    offChipBytes: add(...nodes.map((node) => node.offChipBytes)),
    onChipBytes: add(...nodes.map((node) => node.onChipBytes)),
    flops: add(...program.nodes.map((node) => node.operator.flops?.(program.typed(node)) ?? constant(0))),
    computeBandwidth: program.nodes.reduce((sum, { attributes }) => sum + Number(attributes.bandwidth ?? 0), 0),
    nodes,
  };
}

/** How many elements a node puts out, or takes in if it puts out none. */
function elementsOf({ inputs, outputs }: TypedNode): Extent {
  return cardinality((outputs[0] ?? inputs[0]!).shape);
}
