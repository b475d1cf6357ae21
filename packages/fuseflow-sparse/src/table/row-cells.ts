/** The cells of one column, row by row. */
import { type FusedNode, type LeafNode, operandsOf, type ReduceNode } from "../fuse/fused-node.ts";
import type { CellPlace, FusionCell } from "./fusion-table.ts";

/** Where the coordinates come from that repeat an operand: another operand of the node that uses it. */
export interface Guide {
  readonly node: FusedNode;
  readonly operand: FusedNode;
}

/** What the cells of a column depend on. */
export interface ColumnScope {
  readonly order: readonly string[];
  readonly columnOf: (node: FusedNode) => number;
}

/** The cells of a view: its levels are scanned, its references repeated over loops it is used in. */
export function viewCells(
  leaf: LeafNode,
  around: ReadonlyMap<string, Guide>,
  scope: ColumnScope,
): readonly FusionCell[] {
  return scope.order.map((row, at): FusionCell => {
    const from = scope.order[at - 1] ?? "root";
    if (leaf.variables.includes(row)) return { kind: "scan", from };
    const guide = around.get(row);
    return guide === undefined ? carried(from) : { kind: "repeat", from, guide: placeOf(guide, row, scope) };
  });
}

/** The cells of a result: its loops are its operands' loops, or those that its sum makes anew. */
export function resultCells(
  { node, step }: { readonly node: FusedNode; readonly step: number },
  scope: ColumnScope,
): readonly FusionCell[] {
  const operands = operandsOf(fusedOperation(node)).slice(0, step + 2);
  const variables = variablesAt(node, step);
  return scope.order.map((row, at): FusionCell => {
    if (!variables.includes(row)) return carried(scope.order[at - 1] ?? "root");
    if (node.kind === "reduce") {
      const sum = sumAround(node, row, scope.order);
      if (sum !== null) return { kind: "sum", ...sum };
    }
    const operand = operands.findLast((each) => each.variables.includes(row))!;
    return { kind: "of", column: scope.columnOf(operand) };
  });
}

/** The operation whose values a column shows: that under a sum of a product, else the node's own. */
export function fusedOperation(node: FusedNode): FusedNode {
  if (node.kind !== "reduce") return node;
  const { operand, tensor } = node;
  return operand.kind === "combine" && operand.tensor === tensor && operand.meeting === "all" ? operand : node;
}

/** Variables of a result after an operation, the first being 0. */
export function variablesAt(node: FusedNode, step: number): readonly string[] {
  if (node.kind !== "combine") return node.variables;
  return [...new Set(node.operands.slice(0, step + 2).flatMap((operand) => operand.variables))];
}

/** Kept loops of a reduction inside its outermost reduced loop. */
export function keptInside({ over, variables }: ReduceNode, order: readonly string[]): readonly string[] {
  const first = order.findIndex((variable) => over.includes(variable));
  return order.slice(first + 1).filter((variable) => variables.includes(variable));
}

function sumAround(
  node: ReduceNode,
  row: string,
  order: readonly string[],
): { readonly order: number; readonly over: string; readonly port: number } | null {
  const kept = keptInside(node, order);
  if (!kept.includes(row)) return null;
  const over = order.find((variable) => node.over.includes(variable))!;
  return { order: kept.length, over, port: kept.length - 1 - kept.indexOf(row) };
}

function carried(row: string): FusionCell {
  return row === "root" ? { kind: "root" } : { kind: "same", row };
}

/** The coordinates over which the values of a column are repeated, outermost first. */
export function repeatsOf(inside: ReadonlyMap<string, Guide>, scope: ColumnScope): readonly CellPlace[] {
  return scope.order.flatMap((row) => {
    const guide = inside.get(row);
    return guide === undefined ? [] : [placeOf(guide, row, scope)];
  });
}

function placeOf({ node, operand }: Guide, row: string, { columnOf }: ColumnScope): CellPlace {
  const partner = operandsOf(node).find((each) => each !== operand && each.variables.includes(row));
  return { column: columnOf(partner!), row };
}
