import { denseTail, levelExtents, tileDepth, tileShape } from "../../format/level-extents.ts";
import { selectEntries } from "../coordinates/coordinate-list.ts";
import { gather, gatherValues } from "../coordinates/gather.ts";
import { elementCount } from "../element-count.ts";
import type { CoordinateList, Tensor } from "../tensor.ts";
import { componentsOf, zeroAt } from "../value-array.ts";
import { type Children, expandLevel } from "./expand-level.ts";

/**
 * Which zeros of a tensor count as entries: `explicit`, those whose own coordinate is stored (a trailing run of dense or
 * block levels stores none, so its zeros are fill); `stored`, every position that is inside the shape; `drop`, none.
 */
export type ZeroPolicy = "explicit" | "stored" | "drop";

/** Which entries {@link unpack} returns. */
export interface UnpackOptions {
  /** `explicit` unless given. */
  readonly zeros?: ZeroPolicy;
}

/**
 * The entries of a tensor as a coordinate list with arrays of its own, in storage order: sorted by the mode order of the
 * format, except that the children of a hashed level come in table order and those of blocks tile by tile.
 *
 * The tensor must be well formed; one from elsewhere goes through `validateTensor` first.
 *
 * @example
 * ```ts
 * const matrix = pack(coordinateList([2, 2], [[0, 0, 1], [1, 1, 0]]), csr);
 * entryCount(unpack(matrix)); // => 2
 * entryCount(unpack(matrix, { zeros: "drop" })); // => 1
 * ```
 */
export function unpack(tensor: Tensor, options: UnpackOptions = {}): CoordinateList {
  const zeros = options.zeros ?? "explicit";
  const { format, levels, values, valueType, shape } = tensor;
  const chain: Children[] = [];
  const tail = zeros === "stored" ? levels.length : denseTail(format);
  let positions: Int32Array = new Int32Array(1);
  for (let l = 0; l < tail; l++) {
    const children = expandLevel(levels[l]!, positions);
    chain.push(children);
    positions = children.position;
  }
  const filled = tail < levels.length || levels.length === 0 ? expandTail(tensor, positions, tail, zeros) : undefined;
  const last = filled?.position ?? positions;
  const perLevel = [...composeUp(chain, filled), ...(filled?.coordinates ?? [])];
  const list: CoordinateList = {
    shape: [...shape],
    coordinates: modeCoordinates(tensor, perLevel),
    valueType,
    values: gatherValues(values, valueType, last),
  };
  return filterEntries(list, { drop: zeros === "drop", clip: zeros === "stored" && tileDepth(format) > 0 });
}

/** The non-zero values below a trailing run of dense levels. */
interface Tail {
  readonly parent: Int32Array;
  /** Coordinate of each value in each level of the tail. */
  readonly coordinates: readonly Int32Array[];
  readonly position: Int32Array;
}

function expandTail(tensor: Tensor, prefix: Int32Array, start: number, zeros: ZeroPolicy): Tail {
  const { values } = tensor;
  const components = componentsOf(tensor.valueType);
  const extents = levelExtents(tensor.format, tensor.shape).slice(start);
  const volume = elementCount(extents);
  const keepAll = zeros === "stored";
  let count = 0;
  for (let i = 0; i < prefix.length; i++) {
    const first = prefix[i]! * volume;
    for (let k = 0; k < volume; k++) if (keepAll || !zeroAt(values, components, first + k)) count += 1;
  }
  const parent = new Int32Array(count);
  const position = new Int32Array(count);
  const offset = new Int32Array(count);
  for (let i = 0, e = 0; i < prefix.length; i++) {
    const first = prefix[i]! * volume;
    for (let k = 0; k < volume; k++) {
      if (!keepAll && zeroAt(values, components, first + k)) continue;
      parent[e] = i;
      offset[e] = k;
      position[e++] = first + k;
    }
  }
  return { parent, coordinates: splitOffsets(offset, extents), position };
}

/** Row-major offsets into a box of `extents`, as one coordinate array for each extent. Overwrites `offset`. */
function splitOffsets(offset: Int32Array, extents: readonly number[]): Int32Array[] {
  const coordinates = extents.map(() => new Int32Array(offset.length));
  for (let l = extents.length - 1; l >= 0; l--) {
    const [array, extent] = [coordinates[l]!, extents[l]!];
    for (let e = 0; e < offset.length; e++) {
      const rest = (offset[e]! / extent) | 0;
      array[e] = offset[e]! - rest * extent;
      offset[e] = rest;
    }
  }
  return coordinates;
}

/** The coordinate of every final entry in each expanded level, following parents from the innermost level outwards. */
function composeUp(chain: readonly Children[], filled: Tail | undefined): Int32Array[] {
  const coordinates: Int32Array[] = new Array(chain.length);
  let index = filled?.parent;
  for (let l = chain.length - 1; l >= 0; l--) {
    const { parent, coordinate } = chain[l]!;
    coordinates[l] = index === undefined ? coordinate : gather(coordinate, index);
    if (parent !== undefined) index = index === undefined ? parent : gather(parent, index);
  }
  return coordinates;
}

/** Coordinates of the modes from those of the levels; a tiled mode joins its block with the place inside it. */
function modeCoordinates(tensor: Tensor, perLevel: readonly Int32Array[]): Int32Array[] {
  const { format, shape } = tensor;
  const tile = tileShape(format, shape.length);
  const coordinates: Int32Array[] = new Array(shape.length);
  format.levels.forEach((level, l) => {
    const mode = format.modeOrder[l]!;
    const [array, extent] = [perLevel[l]!, tile[mode]!];
    if (level.kind !== "block") coordinates[mode] = array;
    else coordinates[mode] = coordinates[mode]!.map((block, e) => block * extent + array[e]!);
  });
  return coordinates;
}

/** Leaves out zeros (`drop`) and the padding of blocks that stick out of the shape (`clip`). */
function filterEntries(list: CoordinateList, rules: { drop: boolean; clip: boolean }): CoordinateList {
  if (!rules.drop && !rules.clip) return list;
  const components = componentsOf(list.valueType);
  const count = list.values.length / components;
  const kept = new Int32Array(count);
  let length = 0;
  for (let e = 0; e < count; e++) {
    if (rules.drop && zeroAt(list.values, components, e)) continue;
    if (rules.clip && !inside(list, e)) continue;
    kept[length++] = e;
  }
  return length === count ? list : selectEntries(list, kept.subarray(0, length));
}

function inside(list: CoordinateList, e: number): boolean {
  for (let m = 0; m < list.shape.length; m++) if (list.coordinates[m]![e]! >= list.shape[m]!) return false;
  return true;
}
