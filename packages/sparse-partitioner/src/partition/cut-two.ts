/** Two sorted runs of distinct coordinates: the diagonal of the merge path, searched in one of them. */
import type { Candidates, Selection } from "./select-coordinate.ts";

/** The coordinate of the event with `remaining` events before it. */
export function selectBetweenTwo({ size, remaining, cost }: Selection, first: Candidates, second: Candidates): number {
  if (first.level.kind !== "compressed" || second.level.kind !== "compressed") return size - 1;
  const [a, b] = [first.level.coordinates, second.level.coordinates];
  const [a0, a1] = first.run;
  const [b0, b1] = second.run;
  if (remaining >= a1 - a0 + (b1 - b0)) return size - 1;
  // How many of the first run are among the `remaining` smallest; of two equal events the first run's comes first.
  let low = Math.max(0, remaining - (b1 - b0));
  let high = Math.min(remaining, a1 - a0);
  while (low < high) {
    const middle = (low + high) >>> 1;
    cost.rankQueries += 1;
    if (a[a0 + middle]! <= b[b0 + remaining - middle - 1]!) low = middle + 1;
    else high = middle;
  }
  const fromFirst = a0 + low < a1 ? a[a0 + low]! : size;
  const fromSecond = b0 + remaining - low < b1 ? b[b0 + remaining - low]! : size;
  return Math.min(fromFirst, fromSecond, size - 1);
}
