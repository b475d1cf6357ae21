/** Mean and percentiles of a sample; 0 for an empty one. */
export interface Percentiles {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Of times in ns, given in ms. Percentiles are values of the sample: the nearest rank. Sorts its argument. */
export function percentiles(ns: Float64Array): Percentiles {
  if (ns.length === 0) return { meanMs: 0, p50Ms: 0, p99Ms: 0 };
  ns.sort();
  let sum = 0;
  for (const value of ns) sum += value;
  const rank = (share: number): number => ns[Math.max(0, Math.ceil(share * ns.length) - 1)]! / 1e6;
  return { meanMs: sum / ns.length / 1e6, p50Ms: rank(0.5), p99Ms: rank(0.99) };
}
