/** The embedding operations: what is looked up, how looked-up rows are combined, and what is stored. */
import type { Element } from "../ir/types.ts";

/** Element types of tables. Rows of `f16`, `bf16` and `i8` are added up in `f32`. */
export type TableElement = Extract<Element, "f64" | "f32" | "f16" | "bf16" | "i8">;

/** Element types of row ids and of offsets. */
export type IndexElement = Extract<Element, "i32" | "i64" | "index">;

/**
 * One operation over `ptr[n + 1]`, `idx[z]`, optional `val[z]`, and tables of rows of `d` elements.
 *
 * - `bag`: `O[b, j] = finish(reduce over p in [ptr b, ptr b+1) of combine(val p, T[idx p, j]))`: EmbeddingBag, sparse times
 *   dense matrix, knowledge-graph lookups in a semiring.
 * - `gather`: `O[s * block + e, j] = T[idx s * block + e, j]`: embedding (block 1) and block-sparse attention.
 * - `sddmm`: `O[p] = val p * sum over j of X[i, j] * Y[idx p, j]`.
 * - `fused`: `O[i, j] += f(sum over j of X[i, j] * Y[idx p, j]) * Y[idx p, j]`: message passing.
 */
export type Operation = {
  readonly table: TableElement;
  readonly index: IndexElement;
} & (
  | {
      readonly kind: "bag";
      /** How `val` meets a row; without `val` rows count as they are. */
      readonly weights: "none" | "multiply" | "add";
      readonly reduce: "add" | "maximum" | "minimum";
      /** What is done to a whole bag: divide by its rows or their square root, or give 0 where there are none. */
      readonly finish: "none" | "mean" | "sqrtn" | "zero-empty";
    }
  | { readonly kind: "gather"; readonly block: number }
  | { readonly kind: "sddmm"; readonly weights: "none" | "multiply" }
  | { readonly kind: "fused"; readonly activation: "identity" | "sigmoid" }
);

/** The type that an operation computes in. */
export function accumulatorOf({ table }: { readonly table: TableElement }): "f64" | "f32" {
  return table === "f64" ? "f64" : "f32";
}

/** A name for people: `sls`, `spmm`, `gather`, `sddmm`, `fusedmm`, `kg`. */
export function nameOfOperation(operation: Operation): string {
  if (operation.kind === "fused") return "fusedmm";
  if (operation.kind !== "bag") return operation.kind;
  if (operation.weights === "add" || operation.reduce === "minimum") return "kg";
  return operation.weights === "multiply" ? "spmm" : "sls";
}

/** Arguments of an operation's program, in order. */
export function argumentNames(operation: Operation): readonly string[] {
  const weighted = "weights" in operation && operation.weights !== "none" ? ["val"] : [];
  if (operation.kind === "gather") return ["idx", "table", "out"];
  if (operation.kind === "bag") return ["ptr", "idx", ...weighted, "table", "out"];
  return ["ptr", "idx", ...weighted, "x", "y", "out"];
}
