/** Bit vectors as lists: an item of a `bv` stream is a word of which bit c says whether coordinate c is stored. */
import type { ScannedBitvector } from "../blocks/scan/bitvector-scanner.ts";
import { type FiberTree, listOf, mapAt, type TreeStream } from "./fiber-tree.ts";

/** Bits of a word of a stored level. */
const WORD_BITS = 32;

/** Words of each fibre of a level, and the position of the first bit of each. */
export function evaluateWordScan(level: ScannedBitvector, ref: TreeStream): readonly TreeStream[] {
  const { words, ranks, wordsPerFiber } = level;
  const output = (array: Uint32Array | Int32Array): TreeStream => ({
    depth: ref.depth + 1,
    tree: mapAt(ref.tree, ref.depth, (reference) => {
      if (reference === null) return [];
      const start = (reference as number) * wordsPerFiber;
      return [...array.subarray(start, start + wordsPerFiber)];
    }),
  });
  return [output(words), output(ranks)];
}

/** Each fibre of coordinates as one word. */
export function evaluatePackBits({ depth, tree }: TreeStream): TreeStream {
  const word = (fiber: FiberTree): FiberTree => [
    listOf(fiber).reduce((sum: number, coordinate) => sum + 2 ** (coordinate as number), 0),
  ];
  return { depth, tree: mapAt(tree, depth - 1, word) };
}

/** The coordinates that words of a stream stand for. */
export function coordinatesOfWords({ depth, tree }: TreeStream): TreeStream {
  const coordinates = (fiber: FiberTree): FiberTree =>
    listOf(fiber).flatMap((word, k) =>
      // Most significant bit first in the text.
      [...(word as number).toString(2)].reverse().flatMap((bit, b) => (bit === "1" ? [k * WORD_BITS + b] : [])),
    );
  return { depth, tree: mapAt(tree, depth - 1, coordinates) };
}
