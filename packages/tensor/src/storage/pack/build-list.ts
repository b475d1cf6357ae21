import type { Level } from "../tensor.ts";
import { type BuiltLevel, childCoordinates, type LevelInput, parentRanges } from "./build-level.ts";

/** A `compressed-nonunique` level with the `singleton` levels below it, which share its positions. */
export interface BuiltList extends Omit<BuiltLevel, "level"> {
  readonly levels: readonly Level[];
}

/** The coordinates and extents of the singleton levels of a list, outermost first. */
export interface SingletonInput {
  readonly coordinates: readonly Int32Array[];
  readonly sizes: readonly number[];
  /** Give every entry a position of its own, so that duplicates are stored as often as they occur. */
  readonly everyEntry: boolean;
}

/**
 * Builds a `compressed-nonunique` level and the `singleton` levels below it: one position for each distinct tuple of
 * coordinates (for each entry where `everyEntry`).
 */
export function buildList(input: LevelInput, singletons: SingletonInput): BuiltList {
  const { parent, coordinate, shared, size } = input;
  const keys = [parent, coordinate, ...singletons.coordinates];
  const position = new Int32Array(parent.length);
  let child = -1;
  for (let e = 0; e < parent.length; e++) {
    if (singletons.everyEntry || e === 0 || differs(keys, e)) child += 1;
    position[e] = child;
  }
  const positions = child + 1;
  const ranges = parentRanges(input, position);
  const levels: Level[] = [
    {
      kind: "compressed-nonunique",
      size,
      positions: ranges,
      coordinates: childCoordinates(position, positions, input),
    },
  ];
  singletons.coordinates.forEach((array, k) => {
    const coordinates = childCoordinates(position, positions, { coordinate: array, shared });
    levels.push({ kind: "singleton", size: singletons.sizes[k]!, coordinates });
  });
  return { levels, position, positions };
}

function differs(keys: readonly Int32Array[], e: number): boolean {
  for (let k = keys.length - 1; k >= 0; k--) if (keys[k]![e] !== keys[k]![e - 1]) return true;
  return false;
}
