/** Places in a box of the given extents, 1 if there are none; `Infinity` where float64 cannot count them. */
export function elementCount(extents: readonly number[]): number {
  // Extents may multiply to Infinity before a 0 is reached, which would make NaN of it.
  if (extents.includes(0)) return 0;
  return extents.reduce((product, extent) => product * extent, 1);
}
