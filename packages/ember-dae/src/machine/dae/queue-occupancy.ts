/** How full the queue is over a run. */

/**
 * Mean number of full parts in each of `bins` equal stretches of `cycles`: a part counts from when it is passed on until it
 * was emptied. `fullAt` and `freeAt` are parallel and rise.
 */
export function queueOccupancy(
  { fullAt, freeAt }: { readonly fullAt: ArrayLike<number>; readonly freeAt: ArrayLike<number> },
  cycles: number,
  bins: number,
): readonly number[] {
  const full = new Float64Array(bins);
  const width = cycles / bins;
  for (let part = 0; part < freeAt.length; part++) {
    const [from, until] = [fullAt[part]!, freeAt[part]!];
    for (let bin = Math.floor(from / width); bin < bins && bin * width < until; bin++) {
      full[bin]! += Math.min(until, (bin + 1) * width) - Math.max(from, bin * width);
    }
  }
  return Array.from(full, (time) => (width === 0 ? 0 : time / width));
}
