/** Streams of a task as off-chip tensors: a row for each element, its parts one after the other. */
import { type Sizes, sizeOf } from "../program/dim.ts";
import { type Elem, leafSize, leavesOf } from "../program/element-type.ts";
import type { StreamNumbers } from "../verify/interpret.ts";

/** The numbers of each part of an element, in order. */
export function partSizes(elem: Elem, sizes: Sizes): readonly number[] {
  return leavesOf(elem).map((leaf) => leafSize(leaf, sizes)!);
}

/** The numbers of an element. */
export function widthOf(elem: Elem, sizes: Sizes): number {
  return partSizes(elem, sizes).reduce((sum, size) => sum + size, 0);
}

/** Extents outermost first. */
export function extentsOf(shape: readonly string[], sizes: Sizes): readonly number[] {
  return shape.map((dim) => sizeOf(dim, sizes)!).reverse();
}

/** The parts of a stream, each with all elements, as rows. */
export function toRows(parts: StreamNumbers, widths: readonly number[]): Float64Array {
  const width = widths.reduce((sum, size) => sum + size, 0);
  const rows = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let before = 0;
  for (const [part, size] of widths.entries()) {
    const numbers = parts[part]!;
    for (let row = 0; row * size < numbers.length; row++) {
      rows.set(numbers.subarray(row * size, (row + 1) * size), row * width + before);
    }
    before += size;
  }
  return rows;
}

/** Rows as the parts of a stream. */
export function fromRows(rows: Float64Array, widths: readonly number[]): StreamNumbers {
  const width = widths.reduce((sum, size) => sum + size, 0);
  const count = rows.length / width;
  let before = 0;
  return widths.map((size) => {
    const numbers = new Float64Array(count * size);
    for (let row = 0; row < count; row++) {
      const start = row * width + before;
      numbers.set(rows.subarray(start, start + size), row * size);
    }
    before += size;
    return numbers;
  });
}
