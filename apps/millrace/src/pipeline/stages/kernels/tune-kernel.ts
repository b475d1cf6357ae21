/** `tune-kernel`: formats, loop order, units and target of a kernel, by the tuner over the space of `sparse-partitioner`. */

import type { SpaceRequest } from "../../../tuning/spaces/tuning-space.ts";
import type { KernelArtifact } from "../../artifacts.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { studyOptions, studyText, tuneSpace } from "../tuning/tune-space.ts";

/** The kind. */
export const tuneKernel: StageKind = stageKind({
  name: "tune-kernel",
  brief: "Tunes formats, loop order, units and target of a kernel, for its time on this machine",
  packages: ["baco-tuner", "sparse-partitioner", "loop-ir", "tensor"],
  inputs: { kernel: { type: "kernel", brief: "the expression and its operands" } },
  options: studyOptions,
  output: "kernel-study",
  measures: "all",
  async run({ inputs: { kernel }, options: { budget, seed }, place }) {
    const space = kernelSpace(kernel, place.folder);
    const { artifact, ...shown } = await tuneSpace({ space, budget, seed }, "the reference evaluator", place);
    return { output: artifact, gave: studyText(artifact), ...shown };
  },
});

/** The space of a kernel, as the tuner opens it. */
export function kernelSpace({ expression, operands, seed }: KernelArtifact, folder: string): SpaceRequest {
  const inputs = Object.entries(operands).map(([name, value]) => ({ name, value }));
  return { area: "kernel", subject: expression, inputs, folder, seed };
}
