import type { Level, Tensor } from "./tensor.ts";

/** Words that one parent's bits take in a bitvector level of `size` coordinates. */
export function wordsPerParent(size: number): number {
  return Math.ceil(size / 32);
}

/** Number of set bits of a 32-bit word. */
export function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** How many positions a level has below `parents` parent positions. */
export function childCount(level: Level, parents: number): number {
  switch (level.kind) {
    case "dense":
      return parents * level.size;
    case "block":
      return parents * level.blockSize;
    case "bitvector": {
      const last = level.words.length - 1;
      return last < 0 ? 0 : level.ranks[last]! + popcount(level.words[last]!);
    }
    default:
      return level.coordinates.length;
  }
}

/**
 * Number of positions of level `level` (of the root for -1, which is 1): the extent of the next level's parents, and
 * of the values for the last one. Free slots of a hashed level count.
 */
export function levelSize(tensor: Tensor, level: number): number {
  let size = 1;
  for (let l = 0; l <= level; l++) size = childCount(tensor.levels[l]!, size);
  return size;
}
