/** Sums and maxima of tiles, along the axes that the result lacks and over the tiles of a fibre. */
import type { TileAxes } from "../sam/tile-work.ts";
import { maximumTileAxes } from "../sam/tile-work.ts";
import { type TilePool, ZERO_TILE } from "./tile-pool.ts";

/** Takes tiles into results of fewer axes, or as many. */
export class TileSum {
  readonly #pool: TilePool;
  readonly #maximum: boolean;
  /** Per axis of the tiles that come, its place in the result; -1 if it is summed away. */
  readonly #places: readonly number[];
  readonly #outAxes: number;
  /** Whether the result has the axes of the tiles that come, in their order. */
  readonly #kept: boolean;
  // Numbers and extents of a tile with its axes summed away.
  readonly #part: Float64Array;
  readonly #partExtents = new Int32Array(maximumTileAxes);

  constructor(pool: TilePool, operation: "add" | "max", { inputs, output }: TileAxes) {
    this.#pool = pool;
    this.#maximum = operation === "max";
    this.#places = [...(inputs[0] ?? "")].map((axis) => output.indexOf(axis));
    this.#outAxes = output.length;
    this.#kept = inputs[0] === output;
    this.#part = new Float64Array(pool.size ** output.length);
  }

  /** The result of the tiles so far, `result`, and one more; `first` if there is none before it. */
  absorb(result: number, tile: number, first: boolean): number {
    if (tile === ZERO_TILE && (first || !this.#maximum)) return result;
    const pool = this.#pool;
    this.#reduce(tile);
    if (result !== ZERO_TILE) {
      this.#merge(result);
      return result;
    }
    const fresh = pool.make(this.#outAxes);
    if (!first) {
      // What came before is zero.
      pool.data(fresh)[0] = 0;
      this.#merge(fresh);
      return fresh;
    }
    pool.data(fresh).set(this.#part);
    for (let axis = 0; axis < this.#outAxes; axis++) pool.setExtent(fresh, axis, this.#partExtents[axis]!);
    return fresh;
  }

  /** Brings a tile to the axes of the result. */
  #reduce(tile: number): void {
    const { size } = this.#pool;
    const part = this.#part;
    const data = this.#pool.data(tile);
    const places = this.#places;
    if (tile === ZERO_TILE || this.#kept) {
      part.set(data);
      for (let axis = 0; axis < this.#outAxes; axis++) this.#partExtents[axis] = this.#pool.extent(tile, axis);
      return;
    }
    part.fill(this.#maximum ? Number.NEGATIVE_INFINITY : 0);
    let points = 1;
    let times = 1;
    for (let axis = 0; axis < places.length; axis++) {
      const extent = this.#pool.extent(tile, axis);
      points *= Math.max(1, extent);
      if (places[axis]! >= 0) this.#partExtents[places[axis]!] = extent;
      else if (extent === 0) times *= size;
    }
    for (let point = 0; point < points; point++) {
      let rest = point;
      let from = 0;
      let to = 0;
      for (let axis = places.length - 1, stride = 1; axis >= 0; axis--, stride *= size) {
        const extent = Math.max(1, this.#pool.extent(tile, axis));
        const coordinate = rest % extent;
        rest = (rest - coordinate) / extent;
        from += coordinate * stride;
        if (places[axis]! >= 0) to += coordinate * size ** (this.#outAxes - 1 - places[axis]!);
      }
      if (this.#maximum) part[to] = Math.max(part[to]!, data[from]!);
      else part[to]! += times * data[from]!;
    }
  }

  /** Adds the reduced tile to a result, which becomes as large as either. */
  #merge(result: number): void {
    const pool = this.#pool;
    const { size } = pool;
    for (let axis = 0; axis < this.#outAxes; axis++) {
      if (pool.extent(result, axis) === 0 && this.#partExtents[axis]! > 0) {
        spread(pool.data(result), { axis, axes: this.#outAxes, size });
        pool.setExtent(result, axis, this.#partExtents[axis]!);
      }
      if (this.#partExtents[axis] === 0 && pool.extent(result, axis) > 0)
        spread(this.#part, { axis, axes: this.#outAxes, size });
    }
    const data = pool.data(result);
    const part = this.#part;
    if (this.#maximum) for (let p = 0; p < data.length; p++) data[p] = Math.max(data[p]!, part[p]!);
    else for (let p = 0; p < data.length; p++) data[p]! += part[p]!;
  }
}

/** Writes what stands at the first place of an axis to all of its places. */
function spread(
  data: Float64Array,
  { axis, axes, size }: { readonly axis: number; readonly axes: number; readonly size: number },
): void {
  const stride = size ** (axes - 1 - axis);
  for (let p = 0; p < data.length; p++) {
    const along = Math.floor(p / stride) % size;
    if (along > 0) data[p] = data[p - along * stride]!;
  }
}
