import { TensorError } from "../errors.ts";
import type { CoordinateList } from "../storage/tensor.ts";
import { fillBlocks } from "./fill-blocks.ts";
import { checkInteger, type GeneratorOptions } from "./generated-list.ts";
import { distinctSample } from "./random/distinct-sample.ts";
import { RandomStream } from "./random/random-stream.ts";

/** Options of {@link bigBirdMask}; its values are ones unless asked otherwise. */
export interface BigBirdOptions extends GeneratorOptions {
  /** Length of the sequence: the mask has `length` queries (rows) and `length` keys (columns). */
  readonly length: number;
  /** Tokens of a block; the last block may be shorter. */
  readonly blockSize: number;
  /** Blocks around the diagonal in each block row, odd; 3 unless given. */
  readonly windowBlocks?: number;
  /** Leading blocks that attend to everything and are attended to by everything; 1 unless given. */
  readonly globalBlocks?: number;
  /** Further random blocks in each block row, as far as there are any left; 3 unless given. */
  readonly randomBlocks?: number;
}

/** Bounds that keep the choice of blocks to a second or so: all pairs are looked at, those chosen are listed. */
const maximumAcross = 2 ** 14;
const maximumBlocks = 2 ** 24;

/**
 * A block-sparse attention mask of sliding window, global and random blocks, as the model BigBird has them; its global
 * tokens are tokens of the sequence itself (its internal construction).
 *
 * @throws {TensorError} `generator-options`
 */
export function bigBirdMask(options: BigBirdOptions): CoordinateList {
  const { length, blockSize, windowBlocks = 3, globalBlocks = 1, randomBlocks = 3, seed } = options;
  checkInteger("length", length, 1);
  checkInteger("blockSize", blockSize, 1, length);
  const across = Math.ceil(length / blockSize);
  checkInteger("windowBlocks", windowBlocks, 1);
  if (windowBlocks % 2 === 0) {
    throw new TensorError(
      "generator-options",
      `windowBlocks is ${windowBlocks}; expected an odd number, as windows are centred`,
    );
  }
  checkInteger("globalBlocks", globalBlocks, 0);
  checkInteger("randomBlocks", randomBlocks, 0);
  checkInteger("blocks along the sequence", across, 1, maximumAcross);
  const most = across * Math.min(across, windowBlocks + randomBlocks + 2 * globalBlocks);
  checkInteger("blocks of the mask", most, 1, maximumBlocks);
  const stream = new RandomStream(seed, "random blocks");
  const [rows, columns]: [number[], number[]] = [[], []];
  for (let row = 0; row < across; row++) {
    const [kept, others]: [number[], number[]] = [[], []];
    for (let column = 0; column < across; column++) {
      const fixed = row < globalBlocks || column < globalBlocks || Math.abs(row - column) <= (windowBlocks - 1) / 2;
      (fixed ? kept : others).push(column);
    }
    for (const pick of distinctSample(stream, Math.min(randomBlocks, others.length), others.length))
      kept.push(others[pick]!);
    for (const column of kept) {
      rows.push(row);
      columns.push(column);
    }
  }
  const grid = { rows: length, columns: length, blockRows: blockSize, blockColumns: blockSize };
  return fillBlocks(grid, [rows, columns], { values: "ones", ...options });
}
