/** How uneven the experts of a layer are loaded. */

/** Figures of one layer and step. */
export interface RoutingStatistics {
  readonly experts: number;
  /** Experts with at least one token. */
  readonly active: number;
  /** Experts with exactly one. */
  readonly singles: number;
  /** Experts with 1 to 4. */
  readonly upToFour: number;
  readonly most: number;
  readonly meanOfActive: number;
  /** Gini coefficient over all experts, idle ones included: 0 for equal loads. */
  readonly gini: number;
  /** Share of the slots that the busiest eighth of the experts gets. */
  readonly hotShare: number;
}

/**
 * Figures of the tokens per expert.
 *
 * @example
 * ```ts
 * routingStatistics(Uint32Array.of(0, 1, 1, 6)).gini; // => 0.5625
 * ```
 */
export function routingStatistics(counts: Uint32Array): RoutingStatistics {
  const sorted = counts.slice().sort();
  const experts = sorted.length;
  const slots = sorted.reduce((sum, tokens) => sum + tokens, 0);
  const active = sorted.filter((tokens) => tokens > 0);
  let weighted = 0;
  for (let at = 0; at < experts; at++) weighted += (2 * (at + 1) - experts - 1) * sorted[at]!;
  const hot = sorted.subarray(experts - Math.max(1, Math.round(experts / 8)));
  return {
    experts,
    active: active.length,
    singles: active.filter((tokens) => tokens === 1).length,
    upToFour: active.filter((tokens) => tokens <= 4).length,
    most: sorted[experts - 1] ?? 0,
    meanOfActive: active.length === 0 ? 0 : slots / active.length,
    gini: slots === 0 ? 0 : weighted / (experts * slots),
    hotShare: slots === 0 ? 0 : hot.reduce((sum, tokens) => sum + tokens, 0) / slots,
  };
}
