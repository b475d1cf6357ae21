/** What a trace of row ids says about caches: how often rows are used, and how soon again. */
import { stackDistances } from "./stack-distance.ts";

/** Reuse in a trace. */
export interface Reuse {
  readonly lookups: number;
  readonly unique: number;
  /** Lookups per row that is used at all. */
  readonly averageReuse: number;
  /** Rows by how often they are used, fewest first. */
  readonly histogram: readonly { readonly uses: number; readonly rows: number }[];
  /** Which part of all lookups has a distance up to this one; first uses count as distance 0. */
  readonly cdf: readonly { readonly distance: number; readonly fraction: number }[];
  /** Which part of all lookups a cache of so many rows hits that drops the least recently used one. */
  readonly hits: readonly { readonly rows: number; readonly fraction: number }[];
}

/** At most this many points of the distribution are kept, evenly by rank; short traces keep all. */
const mostPoints = 512;

/** Analyses a trace; `cacheRows` are the caches that are asked for. */
export function analyzeReuse(trace: ArrayLike<number>, cacheRows: readonly number[]): Reuse {
  const { distances, unique } = stackDistances(trace);
  const lookups = trace.length;
  const most = distances.reduce((largest, distance) => Math.max(largest, distance), 0);
  const counts = new Float64Array(most + 1);
  for (const distance of distances) counts[distance]! += 1;
  const points: { distance: number; fraction: number }[] = [];
  let sum = 0;
  const sums = counts.map((count) => {
    sum += count;
    return sum;
  });
  for (const [distance, count] of counts.entries())
    if (count > 0) points.push({ distance, fraction: sums[distance]! / lookups });
  const within = (rows: number) => (sums[Math.min(rows, most)] ?? 0) - (counts[0] ?? 0);
  return {
    lookups,
    unique,
    averageReuse: unique === 0 ? 0 : lookups / unique,
    histogram: usesOf(trace),
    cdf: thinned(points),
    hits: cacheRows.map((rows) => ({ rows, fraction: lookups === 0 ? 0 : within(rows) / lookups })),
  };
}

function usesOf(trace: ArrayLike<number>): { uses: number; rows: number }[] {
  const uses = new Map<number, number>();
  for (let at = 0; at < trace.length; at++) uses.set(trace[at]!, (uses.get(trace[at]!) ?? 0) + 1);
  const rows = new Map<number, number>();
  for (const count of uses.values()) rows.set(count, (rows.get(count) ?? 0) + 1);
  return [...rows].map(([count, number]) => ({ uses: count, rows: number })).sort((a, b) => a.uses - b.uses);
}

function thinned<T>(points: readonly T[]): T[] {
  if (points.length <= mostPoints) return [...points];
  const at = (i: number) => points[Math.round((i * (points.length - 1)) / (mostPoints - 1))] as T;
  return Array.from({ length: mostPoints }, (_, i) => at(i));
}
