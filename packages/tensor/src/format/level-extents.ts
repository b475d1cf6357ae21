import type { TensorFormat } from "./level-format.ts";

/** How many block levels end a format: the depth of its tile. */
export function tileDepth(format: TensorFormat): number {
  let depth = 0;
  while (depth < format.levels.length && format.levels[format.levels.length - 1 - depth]!.kind === "block") depth += 1;
  return depth;
}

/** Extent of the tile along each mode; 1 for modes without a block level. */
export function tileShape(format: TensorFormat, order: number): number[] {
  const extents = new Array<number>(order).fill(1);
  format.levels.forEach((level, l) => {
    if (level.kind === "block") extents[format.modeOrder[l]!] = level.blockSize!;
  });
  return extents;
}

/**
 * How many coordinates each level ranges over: the extent of its mode, the number of blocks along it where an inner
 * level tiles it (the last block may stick out), or the extent of the tile for a block level.
 */
export function levelExtents(format: TensorFormat, shape: readonly number[]): number[] {
  const tile = tileShape(format, shape.length);
  return format.levels.map((level, l) => {
    const mode = format.modeOrder[l]!;
    return level.kind === "block" ? level.blockSize! : Math.ceil(shape[mode]! / tile[mode]!);
  });
}

/**
 * The first level of the trailing run of levels that store every coordinate (`dense`, `block`); the number of levels if
 * the last one does not. From there on a stored zero cannot be told from one that was filled in.
 */
export function denseTail(format: TensorFormat): number {
  let start = format.levels.length;
  while (start > 0 && (format.levels[start - 1]!.kind === "dense" || format.levels[start - 1]!.kind === "block"))
    start -= 1;
  return start;
}
