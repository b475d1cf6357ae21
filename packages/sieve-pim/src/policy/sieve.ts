/** The scheduler of this package: the smallest counts on PIM, as many as let both sides finish together. */
import { expertReadNs, type PartitionCost } from "../placement/partition-cost.ts";
import { Partitioner } from "../placement/partitioner.ts";
import { refine } from "../placement/refine.ts";
import type { PlacementProblem, Policy } from "./policy.ts";

/** What an ablated scheduler does not know of. */
export type SieveBlindness = "none" | "comm" | "contention" | "overlap";

const briefs: Readonly<Record<SieveBlindness, string>> = {
  none: "the smallest counts on PIM, as many as let both sides finish together",
  comm: "as sieve, blind to when tokens arrive on either side",
  contention: "as sieve, blind to what PIM takes from the GPU's memory",
  overlap: "as sieve, taking both sides to run one after the other",
};

/** The scheduler, blind to one thing or to nothing. */
export function sieve(blindTo: SieveBlindness = "none"): Policy {
  let partitioner = new Partitioner(0);
  let size = 0;
  return {
    id: blindTo === "none" ? "sieve" : `sieve-no-${blindTo}`,
    brief: briefs[blindTo],
    attention: "faster",
    decides: true,
    place(problem, onPim) {
      const { cost, counts, resident } = problem;
      if (counts.length > size) {
        size = counts.length;
        partitioner = new Partitioner(size);
      }
      if (blindTo === "overlap") {
        placeInSeries(problem, onPim);
        return;
      }
      const believed = blindTo === "none" ? cost : without(cost, blindTo);
      const { onPim: placed, tilesDecide } = partitioner.partition(counts, believed, resident);
      for (let expert = 0; expert < onPim.length; expert++) onPim[expert] = placed[expert]!;
      if (blindTo === "none" && tilesDecide) onPim.set(refine(cost, counts, onPim, resident).onPim);
    },
  };
}

function without(cost: PartitionCost, blindTo: "comm" | "contention"): PartitionCost {
  return blindTo === "comm" ? { ...cost, gpuArriveNs: 0, pimArriveNs: 0 } : { ...cost, interference: 0 };
}

/** One side after the other: an expert goes where it alone is faster. */
function placeInSeries({ cost, counts, resident }: PlacementProblem, onPim: Uint8Array): void {
  const group = cost.pimGroupNs.length - 1;
  const perToken = cost.pimGroupNs[group]! / group;
  for (let expert = 0; expert < onPim.length; expert++) {
    const tokens = counts[expert]!;
    const may = tokens > 0 && (resident === undefined || resident[expert] === 1);
    onPim[expert] = may && tokens * perToken + cost.pimNsPerExpert < expertReadNs(cost) ? 1 : 0;
  }
}
