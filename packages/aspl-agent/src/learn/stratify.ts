/** Levels of difficulty from success counts. */

/**
 * The experiences of each level: level j holds all whose count is at most the j-th boundary, so levels grow; the last
 * holds all. Sorted counts are split as evenly as they can be, the first bins taking the remainder, and each bin's
 * largest count is a boundary. Fewer experiences than `levels` give as many levels as there are; none give none.
 *
 * Source: arXiv 2502.02534, Algorithm 1 (beta).
 *
 * @example
 * ```ts
 * const counts = [2, 3, 7, 9].map((successes) => ({ successes }));
 * stratify(counts, 3).map((level) => level.map(({ successes }) => successes)); // => [[2, 3], [2, 3, 7], [2, 3, 7, 9]]
 * ```
 */
export function stratify<E extends { readonly successes: number }>(
  experiences: readonly E[],
  levels: number,
): readonly (readonly E[])[] {
  const sorted = experiences.toSorted((a, b) => a.successes - b.successes);
  const bins = Math.min(levels, sorted.length);
  const result: E[][] = [];
  let end = 0;
  for (let bin = 0; bin < bins; bin++) {
    end += Math.floor(sorted.length / bins) + (bin < sorted.length % bins ? 1 : 0);
    const boundary = sorted[end - 1]!.successes;
    result.push(sorted.filter(({ successes }) => successes <= boundary));
  }
  return result;
}
