import { movable, type Policy } from "./policy.ts";

/** Everything that generates on PIM, attention as well; steps with prompts on the GPU. As systems for dense models do. */
export const pimAll: Policy = {
  id: "pim-all",
  brief: "all experts and attention on PIM while only generating, on the GPU in steps with prompts",
  attention: "pim",
  decides: false,
  place(problem, onPim) {
    for (let expert = 0; expert < onPim.length; expert++) {
      onPim[expert] = !problem.prefill && movable(problem, expert) ? 1 : 0;
    }
  },
};
