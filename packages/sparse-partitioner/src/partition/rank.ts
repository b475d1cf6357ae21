/**
 * Rank queries: what each kind of level must answer so that work can be divided by coordinates.
 *
 * A node of a level is a pair of positions: `[p, p + 1)`, or in a list (where a coordinate may repeat) the run of positions
 * that share their coordinates so far.
 */
import { type Level, popcount } from "@millrace/tensor";

/** First and one past the last child position of the node `[from, until)` of the level above. */
export function childRun(level: Level, from: number, until: number): [number, number] {
  const first = firstChild(level, from);
  // A node of a level with a closed form is one position, whatever it is given as.
  if (level.kind === "dense") return [first, first + level.size];
  if (level.kind === "block") return [first, first + level.blockSize];
  return [first, firstChild(level, until)];
}

/**
 * First position in `[from, until)` whose coordinate is at least `coordinate`. For levels with a closed form the run's own
 * parent counts, not the window: a shrunken window would move their origin.
 */
export function lowerBound(
  level: Level,
  parent: number,
  window: readonly [number, number],
  coordinate: number,
): number {
  switch (level.kind) {
    case "dense":
      return parent * level.size + coordinate;
    case "block":
      return parent * level.blockSize + coordinate;
    case "bitvector":
      return bitRank(level, parent, coordinate);
    default:
      return searchCoordinates(level.coordinates, window[0], window[1], coordinate);
  }
}

/** First index of a rising run that holds at least `coordinate`. */
export function searchCoordinates(run: Int32Array, from: number, until: number, coordinate: number): number {
  let low = from;
  let high = until;
  while (low < high) {
    const middle = low + ((high - low) >>> 1);
    if (run[middle]! < coordinate) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The node of `coordinate` below a parent, given its first position; undefined where it is not stored. */
export function nodeAt(
  level: Level,
  parent: number,
  run: readonly [number, number],
  place: { readonly first: number; readonly coordinate: number },
): [number, number] | undefined {
  const { first, coordinate } = place;
  switch (level.kind) {
    case "dense":
    case "block":
      return [first, first + 1];
    case "bitvector":
      return bitRank(level, parent, coordinate + 1) > first ? [first, first + 1] : undefined;
    case "compressed":
    case "hashed":
      return first < run[1] && level.coordinates[first] === coordinate ? [first, first + 1] : undefined;
    default: {
      if (first >= run[1] || level.coordinates[first] !== coordinate) return undefined;
      return [first, searchCoordinates(level.coordinates, first, run[1], coordinate + 1)];
    }
  }
}

/** The coordinate stored at a position; `parent` is the position above it. */
export function coordinateAt(level: Level, parent: number, position: number): number {
  switch (level.kind) {
    case "dense":
      return position - parent * level.size;
    case "block":
      return position - parent * level.blockSize;
    case "bitvector":
      return selectBit(level, parent, position);
    default:
      return level.coordinates[position]!;
  }
}

/** How many positions of the last level lie below the first `count` positions of level `l` (of the root for -1). */
export function leafPositions(levels: readonly Level[], l: number, count: number): number {
  let positions = count;
  for (let below = l + 1; below < levels.length; below++) positions = firstChild(levels[below]!, positions);
  return positions;
}

/** The first child of a position: where the children of all positions before it end. */
function firstChild(level: Level, position: number): number {
  switch (level.kind) {
    case "dense":
      return position * level.size;
    case "block":
      return position * level.blockSize;
    case "singleton":
      return position;
    case "bitvector":
      return bitRank(level, position, 0);
    default:
      return level.positions[position]!;
  }
}

type Bitvector = Extract<Level, { readonly kind: "bitvector" }>;

/** Set bits before bit `coordinate` of parent `parent`, those of all parents before it included. */
function bitRank({ size, words, ranks }: Bitvector, parent: number, coordinate: number): number {
  const wordsPerParent = Math.ceil(size / 32);
  // The end of a parent's bits is the start of the next one's: a size that fills its words has no word of its own there.
  const word = parent * wordsPerParent + Math.min(coordinate >>> 5, wordsPerParent);
  if (word >= words.length) {
    const last = words.length - 1;
    return last < 0 ? 0 : ranks[last]! + popcount(words[last]!);
  }
  const below = (coordinate & 31) === 0 ? 0 : words[word]! & ((1 << (coordinate & 31)) - 1);
  return ranks[word]! + popcount(below);
}

function selectBit(level: Bitvector, parent: number, position: number): number {
  let low = 0;
  let high = level.size - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (bitRank(level, parent, middle) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
