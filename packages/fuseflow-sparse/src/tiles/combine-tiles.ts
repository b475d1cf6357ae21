/** Binary operations on tiles: element by element, or summed along axes as a product of matrices is. */
import { combineIntoFirst } from "../blocks/compute/operations.ts";
import type { BinaryOperation } from "../sam/graph.ts";
import type { TileAxes } from "../sam/tile-work.ts";
import { type TilePool, ZERO_TILE } from "./tile-pool.ts";

/** One loop of a combination: the axis it walks in each tile, -1 where a tile lacks it. */
interface AxisLoop {
  readonly left: number;
  readonly right: number;
  readonly out: number;
}

/** Combines pairs of tiles of given axes. */
export class TileCombination {
  readonly #pool: TilePool;
  readonly #operation: BinaryOperation;
  readonly #leftAxes: number;
  readonly #rightAxes: number;
  readonly #outAxes: number;
  readonly #loops: readonly AxisLoop[];
  // Of each loop in the call at hand: its extent, and the distance of neighbours in each tile.
  readonly #extents: Int32Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #out: Int32Array;
  readonly #at: Int32Array;
  readonly #pair = new Float64Array(2);

  constructor(pool: TilePool, operation: BinaryOperation, { inputs, output, summed }: TileAxes) {
    this.#pool = pool;
    this.#operation = operation;
    this.#outAxes = output.length;
    const [left = "", right = ""] = inputs;
    this.#leftAxes = left.length;
    this.#rightAxes = right.length;
    // Summed axes come before the last of the result, so that the innermost loop walks along rows.
    const order = [output.slice(0, -1), summed, output.slice(-1)].join("");
    this.#loops = [...order].map((axis) => ({
      left: left.indexOf(axis),
      right: right.indexOf(axis),
      out: output.indexOf(axis),
    }));
    const count = this.#loops.length;
    this.#extents = new Int32Array(count);
    this.#left = new Int32Array(count);
    this.#right = new Int32Array(count);
    this.#out = new Int32Array(count);
    this.#at = new Int32Array(count);
  }

  /** A new tile of the results. */
  apply(left: number, right: number): number {
    const pool = this.#pool;
    const product = this.#operation === "mul" || this.#operation === "elemmul";
    if (product && (left === ZERO_TILE || right === ZERO_TILE)) return ZERO_TILE;
    const result = pool.make(this.#outAxes);
    const data = pool.data(result);
    const scale = this.#enter(left, right, result);
    if (product) {
      data.fill(0);
      this.#multiply(pool.data(left), pool.data(right), data);
      if (scale !== 1) for (let p = 0; p < data.length; p++) data[p]! *= scale;
    } else this.#elementwise(pool.data(left), pool.data(right), data);
    return result;
  }

  /** Sets the loops up for a pair; how often sums along an axis that both lack are to be counted. */
  #enter(left: number, right: number, result: number): number {
    const pool = this.#pool;
    let scale = 1;
    for (let l = 0; l < this.#loops.length; l++) {
      const loop = this.#loops[l]!;
      const own = loop.left < 0 ? 0 : pool.extent(left, loop.left);
      const other = loop.right < 0 ? 0 : pool.extent(right, loop.right);
      const extent = own > 0 ? own : other;
      this.#extents[l] = Math.max(1, extent);
      this.#left[l] = own > 0 ? pool.size ** (this.#leftAxes - 1 - loop.left) : 0;
      this.#right[l] = other > 0 ? pool.size ** (this.#rightAxes - 1 - loop.right) : 0;
      this.#out[l] = loop.out < 0 || extent === 0 ? 0 : pool.size ** (this.#outAxes - 1 - loop.out);
      if (loop.out >= 0) pool.setExtent(result, loop.out, extent);
      else if (extent === 0) scale *= pool.size;
    }
    return scale;
  }

  #multiply(a: Float64Array, b: Float64Array, c: Float64Array): void {
    const last = this.#loops.length - 1;
    if (last < 0) {
      c[0]! += a[0]! * b[0]!;
      return;
    }
    const n = this.#extents[last]!;
    const stepA = this.#left[last]!;
    const stepB = this.#right[last]!;
    const stepC = this.#out[last]!;
    this.#at.fill(0);
    do {
      let p = this.#place(this.#left);
      let q = this.#place(this.#right);
      let r = this.#place(this.#out);
      for (let i = 0; i < n; i++) {
        c[r]! += a[p]! * b[q]!;
        p += stepA;
        q += stepB;
        r += stepC;
      }
    } while (this.#next(last));
  }

  #elementwise(a: Float64Array, b: Float64Array, c: Float64Array): void {
    const pair = this.#pair;
    this.#at.fill(0);
    do {
      pair[0] = a[this.#place(this.#left)]!;
      pair[1] = b[this.#place(this.#right)]!;
      // A tile holds zeros beside what is stored, and they stay zero whatever they are divided by.
      if (this.#operation !== "div" || pair[0] !== 0) combineIntoFirst(this.#operation, pair);
      c[this.#place(this.#out)] = pair[0]!;
    } while (this.#next(this.#loops.length));
  }

  #place(steps: Int32Array): number {
    let place = 0;
    for (let l = 0; l < steps.length; l++) place += this.#at[l]! * steps[l]!;
    return place;
  }

  /** Goes on to the next point of the first `count` loops; false after the last. */
  #next(count: number): boolean {
    for (let l = count - 1; l >= 0; l--) {
      this.#at[l]! += 1;
      if (this.#at[l]! < this.#extents[l]!) return true;
      this.#at[l] = 0;
    }
    return false;
  }
}
