/** Random operations with random operands: empty bags, repeated ids, widths that no vector divides. */
import { type Instance, instantiate, memoryFrom, type Operation } from "../../src/index.ts";

/** A generator of numbers from 0 up to 1, by a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The extents of an instance. */
export interface Extents {
  readonly bags: number;
  readonly rows: number;
  readonly width: number;
}

/** An instance with about `1.2` ids a bag. */
export function randomInstance(operation: Operation, extents: Extents, random: () => number): Instance {
  const { bags, rows, width } = extents;
  const ptr = [0];
  for (let bag = 0; bag < bags; bag++) ptr.push(ptr[bag]! + (random() < 0.4 ? 0 : Math.floor(random() * 4)));
  const count = ptr[bags]!;
  const idx = Float64Array.from({ length: count }, () => Math.floor(random() * rows));
  const weighted = "weights" in operation && operation.weights !== "none";
  const val = weighted ? Float64Array.from({ length: count }, () => random() * 2 - 1) : undefined;
  const block = operation.kind === "gather" ? operation.block : 1;
  const fill = (length: number) =>
    Float64Array.from({ length }, () =>
      operation.table === "i8" ? Math.floor(random() * 200) - 100 : random() * 4 - 2,
    );
  const table = memoryFrom(operation.table, [rows * block, width], fill(rows * block * width));
  const x = memoryFrom(operation.table, [bags, width], fill(bags * width));
  return instantiate(operation, { fibres: { ptr: Float64Array.from(ptr), idx, val }, ids: idx, table, x });
}

const bag = { kind: "bag", weights: "none", reduce: "add", finish: "none" } as const;

/** One operation of each kind, and bags over every element type. */
export const operations: readonly Operation[] = [
  ...(["f32", "f64", "f16", "bf16", "i8"] as const).map((table) => ({ ...bag, table, index: "i64" }) as const),
  { ...bag, table: "f32", index: "i32" },
  { ...bag, table: "f32", index: "index" },
  { ...bag, finish: "mean", table: "f32", index: "i64" },
  { ...bag, finish: "sqrtn", table: "f32", index: "i64" },
  { ...bag, finish: "zero-empty", reduce: "maximum", table: "f32", index: "i64" },
  { ...bag, weights: "multiply", table: "f32", index: "i64" },
  { ...bag, weights: "add", reduce: "maximum", table: "f32", index: "i32" },
  { kind: "gather", block: 1, table: "f32", index: "i64" },
  { kind: "gather", block: 3, table: "f16", index: "index" },
  { kind: "sddmm", weights: "multiply", table: "f32", index: "i32" },
  { kind: "fused", activation: "sigmoid", table: "f32", index: "i32" },
  { kind: "fused", activation: "identity", table: "f64", index: "i32" },
];
