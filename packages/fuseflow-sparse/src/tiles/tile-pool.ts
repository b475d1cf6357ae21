/**
 * The tiles of one simulation. Streams carry their numbers; what no stream and no block refers to any more is used again.
 *
 * A tile has up to four axes. Along an axis it has an extent of at most `size`, less at the edge of a tensor; or it is the
 * same all along, which is extent 0 here: so is what was never stored, or summed over nothing. Tile 0 is zero everywhere.
 */
import { maximumTileAxes } from "../sam/tile-work.ts";

/** A stream whose tokens are numbers of tiles. */
export interface TileStream {
  readonly pending: number;
  payloadAt(place: number): number;
}

/** Calls back with every tile that it refers to. */
export type TileHolder = (visit: (tile: number) => void) => void;

/** The tile that is zero everywhere. */
export const ZERO_TILE = 0;

/** Tiles made between two searches for those no longer needed, at least. */
const FEWEST_BETWEEN_SEARCHES = 1024;

/** Holds tiles of one size. */
export class TilePool {
  readonly size: number;
  /** Most tiles at once so far. */
  highWater = 0;
  readonly #streams: TileStream[] = [];
  readonly #holders: TileHolder[] = [];
  // Per tile: its numbers, row-major with `size` to an axis; its axes; its extents, four to a tile; whether it is in use.
  readonly #data: Float64Array[] = [Float64Array.of(0)];
  #axes = new Uint8Array(64);
  #extents = new Uint8Array(64 * maximumTileAxes);
  #marks = new Uint8Array(64);
  // Tiles below this number stay: zero, and the operands'.
  #permanent = 1;
  // Numbers of tiles to use again, by axes.
  readonly #free: number[][] = Array.from({ length: maximumTileAxes + 1 }, () => []);
  #live = 0;
  #untilSearch = FEWEST_BETWEEN_SEARCHES;

  constructor(size: number) {
    this.size = size;
  }

  /** A stream that carries tiles: they stay while they wait in it. */
  watch(stream: TileStream): void {
    this.#streams.push(stream);
  }

  /** A block that refers to tiles between its steps. */
  hold(holder: TileHolder): void {
    this.#holders.push(holder);
  }

  /** Adds a tile of an operand, before the first `make`; `data` is read, never written. */
  addOperand(data: Float64Array, extents: readonly number[]): number {
    const tile = this.#append(data, extents.length);
    for (const [axis, extent] of extents.entries()) this.#extents[tile * maximumTileAxes + axis] = extent;
    this.#permanent = tile + 1;
    return tile;
  }

  /** A new tile of `axes` axes, the same along all of them; its numbers are left over from an older one. */
  make(axes: number): number {
    if (this.#untilSearch === 0) this.#search();
    this.#untilSearch -= 1;
    this.#live += 1;
    this.highWater = Math.max(this.highWater, this.#live);
    const tile = this.#free[axes]!.pop() ?? this.#append(new Float64Array(this.size ** axes), axes);
    this.#extents.fill(0, tile * maximumTileAxes, (tile + 1) * maximumTileAxes);
    return tile;
  }

  /** Numbers of a tile, row-major: `size` to an axis, or one number for tile 0. */
  data(tile: number): Float64Array {
    return this.#data[tile]!;
  }

  /** Extent along an axis; 0 if the tile is the same all along it, as tile 0 is along any. */
  extent(tile: number, axis: number): number {
    return this.#extents[tile * maximumTileAxes + axis]!;
  }

  setExtent(tile: number, axis: number, extent: number): void {
    this.#extents[tile * maximumTileAxes + axis] = extent;
  }

  #append(data: Float64Array, axes: number): number {
    const tile = this.#data.length;
    this.#data.push(data);
    if (tile >= this.#axes.length) {
      this.#axes = doubled(this.#axes);
      this.#extents = doubled(this.#extents);
      this.#marks = doubled(this.#marks);
    }
    this.#axes[tile] = axes;
    return tile;
  }

  /** Finds the tiles that nothing refers to. As many again are made before the next search, so it costs a part of making them. */
  #search(): void {
    const marks = this.#marks;
    marks.fill(0);
    const visit = (tile: number): void => {
      marks[tile] = 1;
    };
    for (const stream of this.#streams) {
      for (let place = stream.pending - 1; place >= 0; place--) visit(stream.payloadAt(place));
    }
    for (const holder of this.#holders) holder(visit);
    for (const list of this.#free) list.length = 0;
    this.#live = 0;
    for (let tile = this.#data.length - 1; tile >= this.#permanent; tile--) {
      if (marks[tile] === 1) this.#live += 1;
      else this.#free[this.#axes[tile]!]!.push(tile);
    }
    this.#untilSearch = Math.max(FEWEST_BETWEEN_SEARCHES, this.#live);
  }
}

function doubled(array: Uint8Array): Uint8Array<ArrayBuffer> {
  const twice = new Uint8Array(2 * array.length);
  twice.set(array);
  return twice;
}
