import { denseTail, tileShape } from "../../format/level-extents.ts";
import { freeSlot } from "../hash-table.ts";
import { wordsPerParent } from "../level-size.ts";
import type { UnpackOptions } from "../pack/unpack.ts";
import type { Level, Tensor } from "../tensor.ts";
import { componentsOf, zeroAt } from "../value-array.ts";

/**
 * What {@link forEachEntry} calls. `coordinates` holds one coordinate for each mode and is overwritten by the next call;
 * `imaginary` is 0 unless the values are complex.
 */
export type EntryVisitor = (coordinates: Int32Array, value: number, imaginary: number) => void;

/**
 * Visits the entries of a tensor in storage order, without making arrays of their size; the same entries as `unpack`.
 *
 * @example
 * ```ts
 * const found = [];
 * const matrix = pack(coordinateList([2, 3], [[1, 0, 7], [0, 2, 5]]), csr);
 * forEachEntry(matrix, ([row, column], value) => found.push([row, column, value]));
 * found; // => [[0, 2, 5], [1, 0, 7]]
 * ```
 */
export function forEachEntry(tensor: Tensor, visit: EntryVisitor, options: UnpackOptions = {}): void {
  const { values, format, levels } = tensor;
  const zeros = options.zeros ?? "explicit";
  const marked = levels.length > 0 && denseTail(format) === levels.length;
  const keepsZeros = zeros === "stored" || (zeros === "explicit" && marked);
  const components = componentsOf(tensor.valueType);
  forEachPosition(tensor, (coordinates, position) => {
    if (!keepsZeros && zeroAt(values, components, position)) return;
    if (components === 1) visit(coordinates, values[position]!, 0);
    else visit(coordinates, values[2 * position]!, values[2 * position + 1]!);
  });
}

/** What {@link forEachPosition} calls; `coordinates` is overwritten by the next call. */
export type PositionVisitor = (coordinates: Int32Array, position: number) => void;

/**
 * Visits every position of the last level that stands for a coordinate inside the shape, in storage order: not the free
 * slots of hashed levels, nor the padding of blocks.
 */
export function forEachPosition(tensor: Tensor, visit: PositionVisitor): void {
  new Walk(tensor, visit).below(0, 0);
}

class Walk {
  readonly #levels: readonly Level[];
  readonly #modeOrder: readonly number[];
  readonly #visit: PositionVisitor;
  /** Extent of the tile along each mode: what a step of a block coordinate is worth. */
  readonly #tile: readonly number[];
  readonly #coordinates: Int32Array;

  constructor(tensor: Tensor, visit: PositionVisitor) {
    this.#levels = tensor.levels;
    this.#modeOrder = tensor.format.modeOrder;
    this.#visit = visit;
    this.#tile = tileShape(tensor.format, tensor.shape.length);
    this.#coordinates = new Int32Array(tensor.shape.length);
  }

  /** Visits everything below position `parent` of level `l - 1`. */
  below(l: number, parent: number): void {
    const level = this.#levels[l];
    if (level === undefined) this.#visit(this.#coordinates, parent);
    else if (level.kind === "dense") this.#dense(l, level.size, parent);
    else if (level.kind === "block") this.#block(l, level, parent);
    else if (level.kind === "singleton") this.#child(l, level.coordinates[parent]!, parent);
    else if (level.kind === "bitvector") this.#bits(l, level, parent);
    else this.#listed(l, level, parent);
  }

  #dense(l: number, size: number, parent: number): void {
    for (let c = 0; c < size; c++) this.#child(l, c, parent * size + c);
  }

  #listed(
    l: number,
    level: { readonly positions: Int32Array; readonly coordinates: Int32Array },
    parent: number,
  ): void {
    const end = level.positions[parent + 1]!;
    for (let q = level.positions[parent]!; q < end; q++) {
      const c = level.coordinates[q]!;
      if (c !== freeSlot) this.#child(l, c, q);
    }
  }

  #child(l: number, coordinate: number, position: number): void {
    const mode = this.#modeOrder[l]!;
    this.#coordinates[mode] = coordinate * this.#tile[mode]!;
    this.below(l + 1, position);
  }

  /** A block level adds to the coordinate that its block's level set, and takes it off again. */
  #block(l: number, level: { readonly size: number; readonly blockSize: number }, parent: number): void {
    const mode = this.#modeOrder[l]!;
    const start = this.#coordinates[mode]!;
    const inside = Math.min(level.blockSize, level.size - start);
    for (let c = 0; c < inside; c++) {
      this.#coordinates[mode] = start + c;
      this.below(l + 1, parent * level.blockSize + c);
    }
    this.#coordinates[mode] = start;
  }

  #bits(l: number, level: Extract<Level, { kind: "bitvector" }>, parent: number): void {
    const stride = wordsPerParent(level.size);
    for (let w = 0; w < stride; w++) {
      const word = parent * stride + w;
      let q = level.ranks[word]!;
      for (let bits = level.words[word]!; bits !== 0; bits &= bits - 1) {
        this.#child(l, w * 32 + (31 - Math.clz32(bits & -bits)), q++);
      }
    }
  }
}
