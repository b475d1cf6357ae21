/** Shapes of streams: dimensions, outermost first. A stream of rank N has N + 1 of them, numbered N … 0. */
import { constant, multiply } from "../extent/arithmetic.ts";
import type { Extent, ExtentLike } from "../extent/extent.ts";
import { type Dimension, printDimension, regular, sameDimension } from "./dimension.ts";

/** The dimensions of a stream, outermost first; at least one. */
export type Shape = readonly Dimension[];

/** A shape of regular dimensions, outermost first. */
export function shapeOf(...extents: readonly ExtentLike[]): Shape {
  return extents.map(regular);
}

/** The highest stop level of a stream of this shape. */
export function rankOf(shape: Shape): number {
  return shape.length - 1;
}

/** The dimension numbered `index`; 0 is the innermost. */
export function dimensionAt(shape: Shape, index: number): Dimension {
  return shape[shape.length - 1 - index]!;
}

/** The dimensions numbered `index` and above. */
export function outerDimensions(shape: Shape, index: number): Shape {
  return shape.slice(0, shape.length - index);
}

/** The dimensions numbered below `index`. */
export function innerDimensions(shape: Shape, index: number): Shape {
  return shape.slice(shape.length - index);
}

/** How many elements a stream of this shape has; at a ragged dimension its total takes the place of all before it. */
export function cardinality(shape: Shape): Extent {
  let count: Extent = constant(1);
  for (const { extent, total } of shape) count = total ?? multiply(count, extent);
  return count;
}

/** Size of one group of these dimensions, by the symbols that stand for ragged ones. */
export function groupSize(shape: Shape): Extent {
  return multiply(...shape.map((dimension) => dimension.extent));
}

/** Number of the outermost dimension in which two shapes of one length differ. */
export function firstDifference(a: Shape, b: Shape): number | undefined {
  const place = a.findIndex((dimension, index) => !sameDimension(dimension, b[index]!));
  return place === -1 ? undefined : a.length - 1 - place;
}

/** As text: `[B, ~L, 16]`. */
export function printShape(shape: Shape): string {
  return `[${shape.map(printDimension).join(", ")}]`;
}
