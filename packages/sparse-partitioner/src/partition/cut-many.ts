/**
 * Many sorted runs: selection in all of them at once.
 *
 * Each round takes as pivot the weighted median of the windows' middle coordinates and ranks it in every window, so that
 * at least a quarter of the candidates fall away, whatever the extents of the coordinates.
 */
import { searchCoordinates } from "./rank.ts";
import type { Selection } from "./select-coordinate.ts";

/** The coordinate of the event with `remaining` work before it; every run is compressed and a leaf. */
export function selectAmongMany({ candidates, size, remaining, cost }: Selection): number {
  const runs = candidates.map(({ level }) => (level.kind === "compressed" ? level.coordinates : new Int32Array(0)));
  const low = candidates.map(({ run }) => run[0]);
  const high = candidates.map(({ run }) => run[1]);
  let answer = size - 1;
  while (low.some((from, d) => from < high[d]!)) {
    const pivot = weightedMedian(runs, low, high);
    const after = runs.map((run, d) => {
      cost.rankQueries += 1;
      return searchCoordinates(run, low[d]!, high[d]!, pivot + 1);
    });
    let work = 0;
    candidates.forEach(({ run, weight }, d) => {
      work += weight * (after[d]! - run[0]);
    });
    // The first point whose own events pass the target holds it.
    if (work > remaining) {
      answer = pivot;
      candidates.forEach((_, d) => {
        high[d] = searchCoordinates(runs[d]!, low[d]!, after[d]!, pivot);
      });
    } else {
      candidates.forEach((_, d) => {
        low[d] = after[d]!;
      });
    }
  }
  return answer;
}

function weightedMedian(runs: readonly Int32Array[], low: readonly number[], high: readonly number[]): number {
  const middles: [coordinate: number, weight: number][] = [];
  let total = 0;
  runs.forEach((run, d) => {
    const width = high[d]! - low[d]!;
    if (width > 0) middles.push([run[low[d]! + (width >>> 1)]!, width]);
    total += width;
  });
  middles.sort((one, other) => one[0] - other[0]);
  let sum = 0;
  for (const [coordinate, weight] of middles) {
    sum += weight;
    if (2 * sum >= total) return coordinate;
  }
  return middles.at(-1)![0];
}
