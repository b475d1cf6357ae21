import type { ModelTensor } from "../evaluate/model-tensor.ts";

/** What counting the zeros of a tensor shows. */
export interface ZeroFacts {
  readonly entries: number;
  /** Entries over elements. */
  readonly density: number;
  /** Coordinates of axis 0 without an entry. */
  readonly emptyRows: number;
  /** The largest block edge whose blocks are well filled; only of matrices. */
  readonly blockSize: number | undefined;
  /** Entries over elements of the blocks that have any; 0 without blocks. */
  readonly blockFill: number;
}

const edges = [64, 32, 16, 8, 4, 2];
const wellFilled = 0.75;

/** Counts the entries that are not zero, the rows without any, and how full square blocks are. */
export function countZeros({ shape, values }: ModelTensor): ZeroFacts {
  const rows = shape[0] ?? 1;
  const width = rows === 0 ? 0 : values.length / rows;
  let entries = 0;
  let emptyRows = 0;
  for (let row = 0; row < rows; row++) {
    let held = 0;
    for (let at = row * width; at < (row + 1) * width; at++) if (values[at] !== 0) held++;
    entries += held;
    if (held === 0) emptyRows++;
  }
  const counted = { entries, density: values.length === 0 ? 0 : entries / values.length, emptyRows };
  for (const edge of shape.length === 2 ? edges : []) {
    const fill = fillOf(values, rows, width, edge);
    if (fill >= wellFilled) return { ...counted, blockSize: edge, blockFill: fill };
  }
  return { ...counted, blockSize: undefined, blockFill: 0 };
}

function fillOf(values: Float64Array, rows: number, columns: number, edge: number): number {
  if (rows % edge !== 0 || columns % edge !== 0 || rows <= edge || columns <= edge) return 0;
  const across = columns / edge;
  const blocks = new Int32Array((rows / edge) * across);
  for (let at = 0; at < values.length; at++) {
    if (values[at] === 0) continue;
    const [row, column] = [Math.floor(at / columns), at % columns];
    blocks[Math.floor(row / edge) * across + Math.floor(column / edge)]! += 1;
  }
  let entries = 0;
  let held = 0;
  for (const count of blocks) {
    entries += count;
    if (count > 0) held++;
  }
  return held === 0 ? 0 : entries / (held * edge * edge);
}
