import { readFileSync } from "node:fs";
import type { DenseArray } from "../../../src/index.ts";

interface SparseOperand {
  readonly dims: readonly number[];
  readonly coords: readonly (readonly number[])[];
  readonly vals: readonly number[];
}

/** One case of `test/data/taco-expressions`. */
export interface TacoCase {
  readonly id: number;
  readonly expr: string;
  readonly dims: Readonly<Record<string, number>>;
  readonly resultDims: readonly number[];
  readonly operands: Readonly<Record<string, SparseOperand>>;
  readonly expected: { readonly scalar: number } | Pick<SparseOperand, "coords" | "vals">;
}

export const tacoCases: readonly TacoCase[] = JSON.parse(
  readFileSync(new URL("../../data/taco-expressions/cases.json", import.meta.url), "utf8"),
);

/** Spreads listed entries over a dense array. */
export function denseOf({ dims, coords, vals }: SparseOperand): DenseArray {
  const values = new Float64Array(dims.reduce((size, extent) => size * extent, 1));
  coords.forEach((coordinates, entry) => {
    const at = coordinates.reduce((offset, coordinate, mode) => offset * (dims[mode] ?? 0) + coordinate, 0);
    values[at] = vals[entry] ?? 0;
  });
  return { shape: dims, values };
}

/** The expected result of a case. */
export function expectedOf({ expected, resultDims }: TacoCase): DenseArray {
  if ("scalar" in expected) return { shape: [], values: Float64Array.of(expected.scalar) };
  return denseOf({ dims: resultDims, ...expected });
}
