/** Which part of the lookups of a trace a stack of caches serves, exactly, for caches that drop the least recently used row. */
import { stackDistances } from "../analysis/stack-distance.ts";

/**
 * Parts of all lookups by the cache that serves them, in the order of `cacheRows`, which rises; the last part is that of
 * lookups that no cache serves.
 *
 * @example
 * hitFractions([7, 7, 8, 7], [1, 2]) // => [0.25, 0.25, 0.5]
 */
export function hitFractions(trace: ArrayLike<number>, cacheRows: readonly number[]): readonly number[] {
  const { distances } = stackDistances(trace);
  const counts = new Float64Array(cacheRows.length + 1);
  for (const distance of distances) {
    const place = distance === 0 ? -1 : cacheRows.findIndex((rows) => distance <= rows);
    counts[place < 0 ? cacheRows.length : place]! += 1;
  }
  return Array.from(counts, (count) => (trace.length === 0 ? 0 : count / trace.length));
}
