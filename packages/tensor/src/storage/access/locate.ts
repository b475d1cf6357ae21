import { tileShape } from "../../format/level-extents.ts";
import { freeSlot, probe } from "../hash-table.ts";
import { popcount, wordsPerParent } from "../level-size.ts";
import type { Level, Tensor } from "../tensor.ts";

/**
 * The position of coordinate `coordinate` below parent position `parent` of one level, or -1 where it is not stored. In a
 * `compressed-nonunique` level, the first of the positions that hold it.
 */
export function locateChild(level: Level, parent: number, coordinate: number): number {
  switch (level.kind) {
    case "dense":
      return coordinate < level.size ? parent * level.size + coordinate : -1;
    case "block":
      return coordinate < level.blockSize ? parent * level.blockSize + coordinate : -1;
    case "singleton":
      return level.coordinates[parent] === coordinate ? parent : -1;
    case "bitvector":
      return locateBit(level, parent, coordinate);
    case "hashed": {
      const slot = probe(level.coordinates, level.positions[parent]!, level.positions[parent + 1]!, coordinate);
      return slot < 0 || level.coordinates[slot] === freeSlot ? -1 : slot;
    }
    default: {
      const end = level.positions[parent + 1]!;
      const first = lowerBound(level.coordinates, level.positions[parent]!, end, coordinate);
      return first < end && level.coordinates[first] === coordinate ? first : -1;
    }
  }
}

function locateBit(
  level: { size: number; words: Uint32Array; ranks: Int32Array },
  parent: number,
  coordinate: number,
): number {
  if (coordinate >= level.size) return -1;
  const word = parent * wordsPerParent(level.size) + (coordinate >>> 5);
  const bit = coordinate & 31;
  if (((level.words[word]! >>> bit) & 1) === 0) return -1;
  return level.ranks[word]! + popcount(level.words[word]! & ((1 << bit) - 1));
}

/** The first index in [start, end) whose coordinate is at least `coordinate`; `end` if none is. */
function lowerBound(coordinates: Int32Array, start: number, end: number, coordinate: number): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = low + ((high - low) >>> 1);
    if (coordinates[middle]! < coordinate) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The position of the value at `coordinates` (one for each mode), or -1 where nothing is stored there. With duplicates,
 * the first of them; the others follow it.
 *
 * @example
 * ```ts
 * const matrix = pack(coordinateList([2, 3], [[0, 2, 5], [1, 0, 7]]), csr);
 * matrix.values[locate(matrix, [1, 0])]; // => 7
 * locate(matrix, [1, 1]); // => -1
 * ```
 */
export function locate(tensor: Tensor, coordinates: readonly number[]): number {
  const { format, levels, shape } = tensor;
  for (let m = 0; m < shape.length; m++) {
    if (!Number.isInteger(coordinates[m]) || coordinates[m]! < 0 || coordinates[m]! >= shape[m]!) return -1;
  }
  const tile = tileShape(format, shape.length);
  const wanted = levels.map((level, l) => {
    const mode = format.modeOrder[l]!;
    return level.kind === "block" ? coordinates[mode]! % tile[mode]! : Math.floor(coordinates[mode]! / tile[mode]!);
  });
  let position = 0;
  for (let l = 0; l < levels.length && position >= 0; ) {
    let end = l + 1;
    while (levels[end]?.kind === "singleton") end += 1;
    position =
      end === l + 1
        ? locateChild(levels[l]!, position, wanted[l]!)
        : locateTuple(levels.slice(l, end), position, wanted.slice(l, end));
    l = end;
  }
  return position;
}

/** As {@link locateChild} for a whole list (a non-unique level and the singletons below it), which is sorted by tuples. */
function locateTuple(list: readonly Level[], parent: number, wanted: readonly number[]): number {
  const head = list[0]!;
  if (head.kind !== "compressed-nonunique") return -1;
  const columns = list.map((level) => ("coordinates" in level ? level.coordinates : head.coordinates));
  let [low, high] = [head.positions[parent]!, head.positions[parent + 1]!];
  const end = high;
  while (low < high) {
    const middle = low + ((high - low) >>> 1);
    if (compareTuple(columns, middle, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low < end && compareTuple(columns, low, wanted) === 0 ? low : -1;
}

function compareTuple(columns: readonly Int32Array[], position: number, wanted: readonly number[]): number {
  for (let k = 0; k < columns.length; k++) {
    const difference = columns[k]![position]! - wanted[k]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
