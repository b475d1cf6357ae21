/**
 * Reading one level of storage: from positions of the parents to the children stored below them, in storage order.
 */
import { freeSlot } from "../hash-table.ts";
import { wordsPerParent } from "../level-size.ts";
import type { Level } from "../tensor.ts";

/** The children of a run of parents; all arrays run parallel, children of one parent together. */
export interface Children {
  /** Index of each child's parent among those asked for; `undefined` where every parent has exactly one child. */
  readonly parent: Int32Array | undefined;
  readonly coordinate: Int32Array;
  readonly position: Int32Array;
}

/** The children of the parents at `positions`, in that order. */
export function expandLevel(level: Level, positions: Int32Array): Children {
  switch (level.kind) {
    case "dense":
      return expandDense(level.size, positions);
    case "block":
      return expandDense(level.blockSize, positions);
    case "singleton":
      return { parent: undefined, coordinate: positions.map((p) => level.coordinates[p]!), position: positions };
    case "bitvector":
      return expandBitvector(level, positions);
    case "hashed":
      return expandHashed(level, positions);
    default:
      return expandCompressed(level, positions);
  }
}

function allocate(count: number): { parent: Int32Array; coordinate: Int32Array; position: Int32Array } {
  return { parent: new Int32Array(count), coordinate: new Int32Array(count), position: new Int32Array(count) };
}

function expandDense(size: number, positions: Int32Array): Children {
  const children = allocate(positions.length * size);
  const { parent, coordinate, position } = children;
  for (let i = 0, k = 0; i < positions.length; i++) {
    const first = positions[i]! * size;
    for (let c = 0; c < size; c++, k++) {
      parent[k] = i;
      coordinate[k] = c;
      position[k] = first + c;
    }
  }
  return children;
}

function expandCompressed(level: { positions: Int32Array; coordinates: Int32Array }, positions: Int32Array): Children {
  let count = 0;
  for (let i = 0; i < positions.length; i++)
    count += level.positions[positions[i]! + 1]! - level.positions[positions[i]!]!;
  const children = allocate(count);
  const { parent, coordinate, position } = children;
  for (let i = 0, k = 0; i < positions.length; i++) {
    const end = level.positions[positions[i]! + 1]!;
    for (let q = level.positions[positions[i]!]!; q < end; q++, k++) {
      parent[k] = i;
      coordinate[k] = level.coordinates[q]!;
      position[k] = q;
    }
  }
  return children;
}

function expandHashed(level: { positions: Int32Array; coordinates: Int32Array }, positions: Int32Array): Children {
  const slots = expandCompressed(level, positions);
  let count = 0;
  for (let k = 0; k < slots.coordinate.length; k++) {
    if (slots.coordinate[k] === freeSlot) continue;
    slots.parent![count] = slots.parent![k]!;
    slots.coordinate[count] = slots.coordinate[k]!;
    slots.position[count++] = slots.position[k]!;
  }
  return {
    parent: slots.parent!.slice(0, count),
    coordinate: slots.coordinate.slice(0, count),
    position: slots.position.slice(0, count),
  };
}

function expandBitvector(
  level: { size: number; words: Uint32Array; ranks: Int32Array },
  positions: Int32Array,
): Children {
  const stride = wordsPerParent(level.size);
  let count = 0;
  for (let i = 0; i < positions.length; i++) {
    for (let w = positions[i]! * stride; w < (positions[i]! + 1) * stride; w++) {
      for (let bits = level.words[w]!; bits !== 0; bits &= bits - 1) count += 1;
    }
  }
  const children = allocate(count);
  const { parent, coordinate, position } = children;
  for (let i = 0, k = 0; i < positions.length; i++) {
    for (let w = 0; w < stride; w++) {
      const word = positions[i]! * stride + w;
      let q = level.ranks[word]!;
      for (let bits = level.words[word]!; bits !== 0; bits &= bits - 1, k++) {
        parent[k] = i;
        coordinate[k] = w * 32 + (31 - Math.clz32(bits & -bits));
        position[k] = q++;
      }
    }
  }
  return children;
}
