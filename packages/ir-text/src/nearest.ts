/** Longer words get no suggestion: nobody mistypes them, and the distance costs the product of the lengths. */
const longestWord = 100;
/** Above the distance of any two words compared, so that case decides only between equals. */
const caseWeight = 1000;

/**
 * The candidate that a mistyped word most likely means, or `undefined` if none is close.
 *
 * Close means: at most a third of the word's letters (at least one) are inserted, deleted, replaced or swapped with
 * their neighbour, and something of the word is left. Case counts only between candidates that are otherwise equally
 * close; the first of equals wins.
 *
 * @example
 * ```ts
 * nearest("compresed", ["dense", "compressed"]); // => "compressed"
 * nearest("x", ["dense", "compressed"]); // => undefined
 * ```
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > longestWord) return undefined;
  const folded = word.toLowerCase();
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(folded, candidate.toLowerCase());
    if (distance > limit || (distance > 0 && distance >= Math.min(word.length, candidate.length))) continue;
    const cost = distance * caseWeight + editDistance(word, candidate);
    if (cost < bestCost) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best;
}

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours, one each. */
function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const rows = new Uint16Array(width * (a.length + 1));
  for (let j = 0; j < width; j++) rows[j] = j;
  for (let i = 1; i <= a.length; i++) {
    rows[i * width] = i;
    for (let j = 1; j <= b.length; j++) {
      const at = i * width + j;
      const replaced = (rows[at - width - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(replaced, (rows[at - width] as number) + 1, (rows[at - 1] as number) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) distance = Math.min(distance, (rows[at - 2 * width - 2] as number) + 1);
      rows[at] = distance;
    }
  }
  return rows[rows.length - 1] as number;
}
