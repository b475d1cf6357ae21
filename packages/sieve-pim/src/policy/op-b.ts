/**
 * Choice by operations per byte, for each layer.
 *
 * Source: the abstract of "Duplex: A Device for Large Language Models with Mixture of Experts, Grouped Query Attention,
 * and Continuous Batching" (arXiv 2409.01141): a unit for each layer by its range of operations per byte, and
 * co-processing of experts. The thresholds and times are those of our own costs.
 */
import { expertReadNs, type PartitionCost } from "../placement/partition-cost.ts";
import { Partitioner } from "../placement/partitioner.ts";
import { movable, type Policy } from "./policy.ts";

/** Tokens of an expert up to which PIM alone is faster than reading the weights into the GPU. */
function evenTokens(cost: PartitionCost): number {
  const group = cost.pimGroupNs.length - 1;
  return (expertReadNs(cost) * group) / cost.pimGroupNs[group]!;
}

/** The whole layer on PIM if its experts have few enough tokens on average, else on the GPU. */
export const opBLayer: Policy = {
  id: "op-b-layer",
  brief: "a whole layer on PIM if its operations per byte are in PIM's range, else on the GPU",
  attention: "faster",
  decides: false,
  place(problem, onPim) {
    const { counts, cost } = problem;
    let tokens = 0;
    let active = 0;
    for (let expert = 0; expert < onPim.length; expert++) {
      tokens += counts[expert]!;
      if (counts[expert]! > 0) active += 1;
    }
    const onto = tokens <= active * evenTokens(cost);
    for (let expert = 0; expert < onPim.length; expert++) onPim[expert] = onto && movable(problem, expert) ? 1 : 0;
  },
};

/** Experts on both sides by a table of each side's own times: without starts, transfers and contention. */
export function opBSplit(): Policy {
  let partitioner = new Partitioner(0);
  let size = 0;
  return {
    id: "op-b-split",
    brief: "experts split by a table of times on either side, without starts, transfers and contention",
    attention: "faster",
    decides: true,
    place({ cost, counts, resident }, onPim) {
      if (counts.length > size) {
        size = counts.length;
        partitioner = new Partitioner(size);
      }
      const table = { ...cost, interference: 0, gpuFixedNs: 0, pimFixedNs: 0, gpuArriveNs: 0, pimArriveNs: 0 };
      onPim.set(partitioner.partition(counts, table, resident).onPim.subarray(0, onPim.length));
    },
  };
}
