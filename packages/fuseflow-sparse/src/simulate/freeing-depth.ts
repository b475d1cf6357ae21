/** Most simulations that a search takes. */
const ATTEMPTS = 24;

/** What is known of queue depths before a search. */
export interface DepthSearch {
  /** A depth at which the graph stands still. */
  readonly tooShallow: number;
  /** Where to look first: what frees the graph by all signs. */
  readonly expected: number;
  /** Whether the graph runs to its end with queues of a depth. */
  readonly runs: (depth: number) => boolean;
}

/**
 * A depth at which a graph runs while at one less it does not, found by simulating it anew; `null` if none is found.
 *
 * On one clock a block holds still by what its consumers' queues held a cycle before. Which tokens are where at a standstill
 * then depends on time, so that going on with deeper queues is not the same as having had them from the start.
 */
export function searchDepth({ tooShallow, expected, runs }: DepthSearch): number | null {
  let depth = Math.max(expected, tooShallow + 1);
  let attempts = 1;
  let running = runs(depth);
  const down = running;
  while (attempts < ATTEMPTS && (down ? depth - 1 > tooShallow : !running)) {
    const next = down ? depth - 1 : depth + 1;
    running = runs(next);
    attempts += 1;
    if (down && !running) return depth;
    depth = next;
  }
  return running ? depth : null;
}
