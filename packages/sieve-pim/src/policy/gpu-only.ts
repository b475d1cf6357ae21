import type { Policy } from "./policy.ts";

/** Every expert on the GPU. */
export const gpuOnly: Policy = {
  id: "gpu-only",
  brief: "every expert on the GPU",
  attention: "gpu",
  decides: false,
  place(_problem, onPim) {
    onPim.fill(0);
  },
};
