/** The scheduler, which may also give some tokens of one expert to PIM and the rest to the GPU. */
import { placementNs, placementSums, type TokenSplit } from "../placement/partition-cost.ts";
import { splitBoundary } from "../placement/refine.ts";
import type { Policy } from "./policy.ts";
import { sieve } from "./sieve.ts";

/** As the scheduler; of the experts at the boundary one is split where both sides then end sooner. */
export function sieveSplit(): Policy {
  const whole = sieve();
  return {
    ...whole,
    id: "sieve-split",
    brief: "as sieve, and the tokens of one expert on both sides where that saves time",
    split({ cost, counts, resident }, onPim): TokenSplit | null {
      const sums = placementSums(cost, counts, onPim);
      const placement = { onPim, sums, split: null, layerNs: placementNs(cost, sums) };
      const { split } = splitBoundary(cost, counts, placement, resident);
      if (split !== null) onPim[split.expert] = 0;
      return split;
    },
  };
}
