import type { CoordinateList } from "../storage/tensor.ts";
import { checkEntries, type GeneratorOptions, generatedList } from "./generated-list.ts";

/** A matrix cut into blocks of one size; the last ones may stick out. */
export interface BlockGrid {
  readonly rows: number;
  readonly columns: number;
  readonly blockRows: number;
  readonly blockColumns: number;
}

/**
 * A matrix that is full in the given blocks and empty elsewhere.
 *
 * @param blocks (block row, block column) of each, as two parallel arrays without repetition
 * @throws {TensorError} `generator-options` for too many entries
 */
export function fillBlocks(
  grid: BlockGrid,
  blocks: readonly [ArrayLike<number>, ArrayLike<number>],
  options: GeneratorOptions,
): CoordinateList {
  const { rows, columns, blockRows, blockColumns } = grid;
  const [blockRow, blockColumn] = blocks;
  let entries = 0;
  for (let b = 0; b < blockRow.length; b++) {
    entries += extentAt(blockRow[b]!, blockRows, rows) * extentAt(blockColumn[b]!, blockColumns, columns);
  }
  checkEntries(entries, Number.POSITIVE_INFINITY);
  const [rowOf, columnOf] = [new Int32Array(entries), new Int32Array(entries)];
  for (let b = 0, e = 0; b < blockRow.length; b++) {
    const [firstRow, firstColumn] = [blockRow[b]! * blockRows, blockColumn[b]! * blockColumns];
    const endRow = Math.min(firstRow + blockRows, rows);
    const endColumn = Math.min(firstColumn + blockColumns, columns);
    for (let i = firstRow; i < endRow; i++) {
      for (let j = firstColumn; j < endColumn; j++, e++) {
        rowOf[e] = i;
        columnOf[e] = j;
      }
    }
  }
  return generatedList([rows, columns], [rowOf, columnOf], options);
}

const extentAt = (block: number, size: number, extent: number): number => Math.min(size, extent - block * size);
