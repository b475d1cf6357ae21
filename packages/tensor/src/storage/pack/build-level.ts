/**
 * Building one level of storage from sorted entries.
 *
 * Each builder gets, for every entry, the position of its parent and its coordinate, sorted by both, and returns the
 * stored level with the position of every entry in it. Entries with equal parent and coordinate share a position.
 */
import { checkLength, int32Array, uint32Array } from "../allocate.ts";
import { freeSlot, probe, slotsFor } from "../hash-table.ts";
import { popcount, wordsPerParent } from "../level-size.ts";
import type { Level } from "../tensor.ts";

/** Entries on their way into a level. */
export interface LevelInput {
  /** Position of each entry's parent, rising. */
  readonly parent: Int32Array;
  /** Number of parent positions, those without entries included. */
  readonly parents: number;
  /** Coordinate of each entry in this level, rising among the entries of one parent. */
  readonly coordinate: Int32Array;
  /** Number of coordinates the level ranges over. */
  readonly size: number;
  readonly shared: boolean;
  /** Most positions a level may have that are not stored one by one. */
  readonly maximumPositions: number;
  /** What messages call the level, as in "level 1". */
  readonly name: string;
}

/** A stored level and the position of every entry in it. */
export interface BuiltLevel {
  readonly level: Level;
  readonly position: Int32Array;
  /** Number of positions of the level. */
  readonly positions: number;
}

/** Builds a `dense` level, or a `block` level over a mode of `modeSize`. */
export function buildDense(input: LevelInput, modeSize?: number): BuiltLevel {
  const { parent, parents, coordinate, size } = input;
  const positions = parents * size;
  checkLength(
    positions,
    `positions of ${input.name} (${modeSize === undefined ? "dense" : "block"})`,
    input.maximumPositions,
  );
  const position = new Int32Array(parent.length);
  for (let e = 0; e < parent.length; e++) position[e] = parent[e]! * size + coordinate[e]!;
  const level: Level =
    modeSize === undefined ? { kind: "dense", size } : { kind: "block", size: modeSize, blockSize: size };
  return { level, position, positions };
}

/** Numbers the distinct (parent, coordinate) pairs in order: the position of each entry, and how many there are. */
function numberChildren(input: LevelInput): { position: Int32Array; positions: number } {
  const { parent, coordinate } = input;
  const position = new Int32Array(parent.length);
  let child = -1;
  for (let e = 0; e < parent.length; e++) {
    if (e === 0 || coordinate[e] !== coordinate[e - 1] || parent[e] !== parent[e - 1]) child += 1;
    position[e] = child;
  }
  return { position, positions: child + 1 };
}

/** One coordinate for each child, from those of the entries; the entries of one child agree. */
export function childCoordinates(
  position: Int32Array,
  positions: number,
  source: { coordinate: Int32Array; shared: boolean },
): Int32Array {
  const { coordinate, shared } = source;
  const coordinates = int32Array(positions, shared);
  for (let e = 0; e < position.length; e++) coordinates[position[e]!] = coordinate[e]!;
  return coordinates;
}

/** `positions` of a level: where the children of each parent start, and the end of the last one's. */
export function parentRanges(input: LevelInput, position: Int32Array): Int32Array {
  const { parent, parents, shared } = input;
  checkLength(parents + 1, `positions array of ${input.name}`, input.maximumPositions + 1);
  const ranges = int32Array(parents + 1, shared);
  for (let e = 0; e < parent.length; e++) if (e === 0 || position[e] !== position[e - 1]) ranges[parent[e]! + 1]!++;
  for (let p = 0; p < parents; p++) ranges[p + 1]! += ranges[p]!;
  return ranges;
}

/** Builds a `compressed` level. */
export function buildCompressed(input: LevelInput): BuiltLevel {
  const { position, positions } = numberChildren(input);
  const ranges = parentRanges(input, position);
  const coordinates = childCoordinates(position, positions, input);
  return { level: { kind: "compressed", size: input.size, positions: ranges, coordinates }, position, positions };
}

/** Builds a `bitvector` level. */
export function buildBitvector(input: LevelInput): BuiltLevel {
  const { parent, coordinate, size, shared } = input;
  const { position, positions } = numberChildren(input);
  const stride = wordsPerParent(size);
  const length = input.parents * stride;
  checkLength(length, `words of ${input.name} (bitvector)`, input.maximumPositions);
  const words = uint32Array(length, shared);
  for (let e = 0; e < parent.length; e++) {
    const c = coordinate[e]!;
    words[parent[e]! * stride + (c >>> 5)]! |= 1 << (c & 31);
  }
  const ranks = int32Array(length, shared);
  for (let w = 1; w < length; w++) ranks[w] = ranks[w - 1]! + popcount(words[w - 1]!);
  return { level: { kind: "bitvector", size, words, ranks }, position, positions };
}

/** Builds a `hashed` level. Positions do not rise with the entries: tables are in no order. */
export function buildHashed(input: LevelInput): BuiltLevel {
  const { parent, parents, coordinate, size, shared } = input;
  const children = numberChildren(input).position;
  const ranges = parentRanges(input, children);
  let slots = 0;
  for (let p = 0, start = 0; p < parents; p++) {
    const end = ranges[p + 1]!;
    slots += slotsFor(end - start);
    start = end;
    checkLength(slots, `slots of ${input.name} (hashed)`);
    ranges[p + 1] = slots;
  }
  const coordinates = int32Array(slots, shared).fill(freeSlot);
  const position = new Int32Array(parent.length);
  for (let e = 0; e < parent.length; e++) {
    const slot = probe(coordinates, ranges[parent[e]!]!, ranges[parent[e]! + 1]!, coordinate[e]!);
    coordinates[slot] = coordinate[e]!;
    position[e] = slot;
  }
  return { level: { kind: "hashed", size, positions: ranges, coordinates }, position, positions: slots };
}
