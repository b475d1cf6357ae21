import { type TilePool, ZERO_TILE } from "./tile-pool.ts";

/** A new tile of a function of each number of `tile`, which has `axes` axes. */
export function mapTile(
  pool: TilePool,
  tile: number,
  { axes, of }: { readonly axes: number; readonly of: (value: number) => number },
): number {
  if (tile === ZERO_TILE) {
    const value = of(0);
    if (value === 0) return ZERO_TILE;
    const constant = pool.make(axes);
    pool.data(constant)[0] = value;
    return constant;
  }
  const result = pool.make(axes);
  const from = pool.data(tile);
  const to = pool.data(result);
  // Beyond its extents a tile holds whatever was there before, which nothing reads.
  for (let p = 0; p < to.length; p++) to[p] = of(from[p]!);
  for (let axis = 0; axis < axes; axis++) pool.setExtent(result, axis, pool.extent(tile, axis));
  return result;
}
