/** All kernels. */
import { algebraKernels } from "./algebra-kernels.ts";
import { creationKernels } from "./creation-kernels.ts";
import { elementwiseKernels } from "./elementwise-kernels.ts";
import { indexKernels } from "./index-kernels.ts";
import type { Kernel } from "./kernel.ts";
import { rearrangeKernels } from "./rearrange-kernels.ts";
import { reduceKernels } from "./reduce-kernels.ts";
import { shapeKernels } from "./shape-kernels.ts";
import { sparseKernels } from "./sparse-kernels.ts";
import { windowKernels } from "./window-kernels.ts";

/** The kernel of every operator that computes tensors from tensors. */
export const kernels: ReadonlyMap<string, Kernel> = new Map(
  Object.entries({
    ...elementwiseKernels,
    ...algebraKernels,
    ...reduceKernels,
    ...shapeKernels,
    ...rearrangeKernels,
    ...creationKernels,
    ...indexKernels,
    ...sparseKernels,
    ...windowKernels,
  }),
);
