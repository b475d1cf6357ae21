/** The operation that a lookup is, from what the model says of its values before anything runs. */
import type { Dtype, ModelGraph, Size } from "@millrace/model-import";
import type { IndexElement, Operation, TableElement } from "../operation/operation.ts";
import type { Lookup } from "./lookup.ts";

/** The operation of a lookup. A value whose type the model does not say counts as `f32`, or as `i64` where it is ids. */
export function operationOf(lookup: Lookup, graph: ModelGraph): Operation {
  const { source, kind } = lookup;
  const table = tableType(dtypeOf(graph, lookup.table));
  const ids = source.form === "coordinates" ? source.coordinates : "indices" in source ? source.indices : undefined;
  const index: IndexElement = ids === undefined || dtypeOf(graph, ids) === "i32" ? "i32" : "i64";
  if (kind === "gather") return { kind, table, index, block: blockOf(graph, lookup.table) };
  const weighted = source.form === "dense-entries" || source.form === "coordinates" || hasWeights(lookup);
  if (kind === "sddmm") return { kind, table, index, weights: weighted ? "multiply" : "none" };
  if (kind === "fused") return { kind, table, index, activation: lookup.activation };
  const weights = weighted ? lookup.combine : "none";
  return { kind, table, index, weights, reduce: lookup.reduce, finish: lookup.finish };
}

/** Elements of a row of the table, as kernels are specialised to them; undefined where the model does not say. */
export function widthOf({ kind, table, tableTransposed }: Lookup, graph: ModelGraph): number | undefined {
  const shape: readonly Size[] | undefined = graph.values.get(table)?.shape ?? graph.params.get(table)?.weight?.shape;
  const row = tableTransposed ? shape?.slice(0, 1) : kind === "gather" ? shape?.slice(-1) : shape?.slice(1);
  if (row === undefined || !row.every((size) => typeof size === "number")) return undefined;
  return row.reduce((product, size) => product * size, 1);
}

function hasWeights({ source }: Lookup): boolean {
  return "weights" in source && source.weights !== undefined;
}

function dtypeOf(graph: ModelGraph, value: string): Dtype | undefined {
  return graph.values.get(value)?.dtype ?? graph.params.get(value)?.weight?.dtype;
}

function tableType(dtype: Dtype | undefined): TableElement {
  return dtype === "f64" || dtype === "f16" || dtype === "bf16" || dtype === "i8" ? dtype : "f32";
}

function blockOf(graph: ModelGraph, table: string): number {
  const shape: readonly Size[] = graph.values.get(table)?.shape ?? graph.params.get(table)?.weight?.shape ?? [];
  return shape.slice(1, -1).reduce<number>((product, size) => product * (typeof size === "number" ? size : 1), 1);
}
