/**
 * The fused expression of a region: the statements of a region with every use of an inner result replaced by what computes
 * it, under the variables of its consumer.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 5: tensor views with variables of their own, dimensions
 * of producer and consumer made equal, reduction variables renamed apart.
 */
import type { UnaryOperation } from "../sam/graph.ts";

/** What every node has. */
interface NodeCore {
  /** Variables of the node's value, in order of first use. */
  readonly variables: readonly string[];
  /** The result that the node computes, or belongs to. */
  readonly tensor: string;
}

/** A view of a tensor from outside the region: a use of it under its own variables. */
export interface LeafNode extends NodeCore {
  readonly kind: "leaf";
  /** Variable of each mode. */
  readonly indices: readonly string[];
}

/** A function of each value. */
export interface MapNode extends NodeCore {
  readonly kind: "map";
  readonly operation: UnaryOperation;
  readonly constant?: number;
  /** Whether entries that are not stored must be there first: the function does not give zero for zero. */
  readonly whole: boolean;
  readonly operand: FusedNode;
}

/** How the stored entries of operands meet. */
export type Meeting =
  /** Where all have an entry. */
  | "all"
  /** Where one has an entry; an operand without a variable has entries everywhere along it. */
  | "any"
  /** Where the operand at `pattern` has one. */
  | "pattern";

/** Values of several operands, combined from left to right. */
export interface CombineNode extends NodeCore {
  readonly kind: "combine";
  readonly operation: "mul" | "div" | "add" | "sub" | "max";
  readonly meeting: Meeting;
  /** Operand that decides under `pattern`. */
  readonly pattern: number;
  readonly operands: readonly FusedNode[];
  /** Per operation, the first being that on operands 0 and 1: the result whose values it gives. */
  readonly results: readonly string[];
}

/** Values reduced over variables of the operand. */
export interface ReduceNode extends NodeCore {
  readonly kind: "reduce";
  readonly operation: "add" | "max";
  readonly over: readonly string[];
  readonly operand: FusedNode;
}

/** A node of a fused expression. */
export type FusedNode = LeafNode | MapNode | CombineNode | ReduceNode;

/** The operands of a node. */
export function operandsOf(node: FusedNode): readonly FusedNode[] {
  if (node.kind === "leaf") return [];
  return node.kind === "combine" ? node.operands : [node.operand];
}

/** Calls `visit` for the node and everything below it, operands after the node, shared nodes once. */
export function visitNodes(node: FusedNode, visit: (node: FusedNode) => void, seen: Set<FusedNode> = new Set()): void {
  if (seen.has(node)) return;
  seen.add(node);
  visit(node);
  for (const operand of operandsOf(node)) visitNodes(operand, visit, seen);
}

/** How many nodes a fused expression has with shared ones counted once for each use: the blocks before any are merged. */
export function unfoldedSize(node: FusedNode, known: Map<FusedNode, number> = new Map()): number {
  const before = known.get(node);
  if (before !== undefined) return before;
  const size = operandsOf(node).reduce((sum, operand) => sum + unfoldedSize(operand, known), 1);
  known.set(node, size);
  return size;
}

/** The leaves of a node, from left to right, shared ones once. */
export function leavesOf(node: FusedNode): readonly LeafNode[] {
  const leaves: LeafNode[] = [];
  visitNodes(node, (each) => {
    if (each.kind === "leaf") leaves.push(each);
  });
  return leaves;
}
