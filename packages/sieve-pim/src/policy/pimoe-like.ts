import { Partitioner } from "../placement/partitioner.ts";
import { movable, type Policy } from "./policy.ts";

/** A placement for the average step: work moves from the slower side until both would finish together, then it stays. */
export function pimoeLike(): Policy {
  let partitioner = new Partitioner(0);
  let average = new Uint32Array(0);
  return {
    id: "pimoe-like",
    brief: "a placement that balances both sides for average popularity, the same in every step",
    attention: "gpu",
    decides: false,
    averages: true,
    place(problem, onPim) {
      const { cost, counts, resident } = problem;
      if (counts.length > average.length) {
        average = new Uint32Array(counts.length);
        partitioner = new Partitioner(counts.length);
      }
      const known = problem.average ?? counts;
      const own = average.subarray(0, counts.length);
      for (let expert = 0; expert < own.length; expert++) own[expert] = Math.max(1, Math.round(known[expert]!));
      const { onPim: planned } = partitioner.partition(own, cost, resident);
      for (let expert = 0; expert < onPim.length; expert++) {
        onPim[expert] = planned[expert] === 1 && movable(problem, expert) ? 1 : 0;
      }
    },
  };
}
