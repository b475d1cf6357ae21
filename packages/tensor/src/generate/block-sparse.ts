import type { CoordinateList } from "../storage/tensor.ts";
import { type BlockGrid, fillBlocks } from "./fill-blocks.ts";
import { checkInteger, type GeneratorOptions, maximumGeneratedEntries } from "./generated-list.ts";
import { distinctSample } from "./random/distinct-sample.ts";
import { RandomStream } from "./random/random-stream.ts";

/** Options of {@link blockSparseMatrix}. */
export interface BlockSparseOptions extends GeneratorOptions, BlockGrid {
  /** Exact number of full blocks. */
  readonly blocks: number;
}

/**
 * A matrix with exactly `blocks` full blocks at uniform places of the block grid.
 *
 * @throws {TensorError} `generator-options`
 */
export function blockSparseMatrix(options: BlockSparseOptions): CoordinateList {
  const { rows, columns, blockRows, blockColumns, blocks, seed } = options;
  checkInteger("rows", rows, 0);
  checkInteger("columns", columns, 0);
  checkInteger("blockRows", blockRows, 1);
  checkInteger("blockColumns", blockColumns, 1);
  const across = Math.ceil(columns / blockColumns);
  const places = Math.ceil(rows / blockRows) * across;
  checkInteger("blocks", blocks, 0, Math.min(places, maximumGeneratedEntries));
  const chosen = distinctSample(new RandomStream(seed, "blocks"), blocks, places);
  return fillBlocks(
    options,
    [chosen.map((place) => Math.floor(place / across)), chosen.map((place) => place % across)],
    options,
  );
}

/** Options of {@link blockDiagonalMatrix}. */
export interface BlockDiagonalOptions extends GeneratorOptions {
  /** Number of blocks on the diagonal. */
  readonly blocks: number;
  readonly blockRows: number;
  readonly blockColumns: number;
}

/**
 * A matrix of full blocks along the diagonal: a batch of small dense matrices as one sparse one.
 *
 * @throws {TensorError} `generator-options`
 */
export function blockDiagonalMatrix(options: BlockDiagonalOptions): CoordinateList {
  const { blocks, blockRows, blockColumns } = options;
  checkInteger("blocks", blocks, 0, maximumGeneratedEntries);
  checkInteger("blockRows", blockRows, 1);
  checkInteger("blockColumns", blockColumns, 1);
  checkInteger("rows in all", blocks * blockRows, 0);
  checkInteger("columns in all", blocks * blockColumns, 0);
  const diagonal = Int32Array.from({ length: blocks }, (_, block) => block);
  const grid = { rows: blocks * blockRows, columns: blocks * blockColumns, blockRows, blockColumns };
  return fillBlocks(grid, [diagonal, diagonal], options);
}
