/** Trade-offs between time and memory. */

/** One design, by the two costs that are weighed. */
export interface Design {
  readonly cycles: number;
  readonly bytes: number;
}

/** The designs that no other one beats in both costs, by rising cycles. */
export function paretoFrontier<D extends Design>(designs: readonly D[]): D[] {
  const sorted = [...designs].sort((a, b) => a.cycles - b.cycles || a.bytes - b.bytes);
  let least = Number.POSITIVE_INFINITY;
  return sorted.filter(({ bytes }) => {
    const better = bytes < least;
    least = Math.min(least, bytes);
    return better;
  });
}

/**
 * Pareto improvement distance: how far `design` lies beyond the frontier of `others`. It is the factor by which the other
 * design that comes closest is worse in the cost in which it is worst; above 1, `design` is beyond the frontier.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §5.2.
 */
export function paretoImprovementDistance(design: Design, others: readonly Design[]): number {
  return Math.min(...others.map(({ cycles, bytes }) => Math.max(cycles / design.cycles, bytes / design.bytes)));
}
