/** `tune-experts`: tiles, regions and queues of a layer of experts, by the tuner over the space of `step-ir`. */
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { studyOptions, studyText, tuneSpace } from "../tuning/tune-space.ts";

/** The kind. */
export const tuneExperts: StageKind = stageKind({
  name: "tune-experts",
  brief: "Tunes tiles, regions and queues of a layer of experts, for cycles and bytes on chip",
  packages: ["baco-tuner", "step-ir", "sim-core"],
  inputs: { routing: { type: "routing", brief: "the experts of each token" } },
  options: studyOptions,
  output: "experts-study",
  async run({ inputs: { routing }, options: { budget, seed }, place }) {
    const inputs = [
      { name: "trace", value: routing.trace },
      { name: "batch", value: String(routing.experts.length) },
    ];
    const space = { area: "step-moe", subject: routing.model, inputs, folder: place.folder, seed };
    const { artifact, ...shown } = await tuneSpace(
      { space, budget, seed },
      "closed forms of the bytes moved and held",
      place,
    );
    return { output: artifact, gave: studyText(artifact), ...shown };
  },
});
