import { movable, type Policy } from "./policy.ts";

/** Experts with up to `most` tokens on PIM: a threshold fixed in advance. */
export function staticThreshold(most: number): Policy {
  return {
    id: `static-${most}`,
    brief: `experts with up to ${most} tokens on PIM`,
    attention: "gpu",
    decides: false,
    place(problem, onPim) {
      for (let expert = 0; expert < onPim.length; expert++) {
        onPim[expert] = movable(problem, expert) && problem.counts[expert]! <= most ? 1 : 0;
      }
    },
  };
}

/** Experts with a single token on PIM: products of a matrix with one vector there, of two matrices on the GPU. */
export const gemvStatic: Policy = {
  ...staticThreshold(1),
  id: "gemv-static",
  brief: "experts with one token on PIM: matrix times vector there, matrix times matrix on the GPU",
};
