/** What raising takes from `model-import`. */
import { evaluateSize, type Size, type SizeBindings, symbolsOfSize } from "@millrace/model-import";

export { type ModelGraph, type Node, printPlace, type SizeBindings, symbolsOfSize } from "@millrace/model-import";

/** The extents of a shape, or undefined where one is not known. */
export function tryEvaluateShape(
  shape: readonly Size[] | undefined,
  sizes: SizeBindings,
): readonly number[] | undefined {
  if (shape === undefined) return undefined;
  if (shape.some((size) => symbolsOfSize(size).some((symbol) => !sizes.has(symbol)))) return undefined;
  return shape.map((size) => evaluateSize(size, sizes));
}
