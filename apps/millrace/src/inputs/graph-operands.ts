/** What a SAM graph needs to run: which tensors it reads, over which indices, stored how. */
import { formatOfStored, type SamGraph } from "@millrace/fuseflow-sparse";
import { type CoordinateList, pack, type Tensor } from "@millrace/tensor";
import type { OperandUse } from "./operands.ts";

/** The tensors that a graph reads, in the order of its blocks; index variables as far as its scanners name them. */
export function operandUses(graph: SamGraph): OperandUse[] {
  const indices = new Map<string, string[]>();
  for (const block of graph.blocks) {
    if (block.type !== "scanner" && block.type !== "array" && block.type !== "locate") continue;
    const { modeOrder } = graph.tensors[block.tensor]!;
    const names = indices.get(block.tensor) ?? modeOrder.map(() => "");
    if (block.type !== "array") names[modeOrder[block.level]!] ||= block.index;
    indices.set(block.tensor, names);
  }
  return [...indices].map(([name, names]) => ({ name, indices: names }));
}

/**
 * Operands stored as the graph reads them.
 *
 * @throws {TensorError} where an operand does not fit into its format
 */
export function packOperands(graph: SamGraph, lists: Readonly<Record<string, CoordinateList>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(lists).map(([name, list]) => {
      return [name, pack(list, formatOfStored(graph.tensors[name]!), { valueType: "float64" })];
    }),
  );
}
