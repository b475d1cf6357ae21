/** `tune-lookups`: level, lanes, queue and run-ahead of a machine for lookups, by the tuner over the space of `ember-dae`. */
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { studyOptions, studyText, tuneSpace } from "../tuning/tune-space.ts";

/** The kind. */
export const tuneLookups: StageKind = stageKind({
  name: "tune-lookups",
  brief: "Tunes lanes, queue and run-ahead of a machine for lookups, for cycles and bytes of storage",
  packages: ["baco-tuner", "ember-dae", "sim-core"],
  inputs: {
    model: { type: "embedding-model", brief: "the operation" },
    lookups: { type: "lookups", brief: "row ids" },
  },
  options: studyOptions,
  output: "lookups-study",
  async run({ inputs: { model, lookups }, options: { budget, seed }, place }) {
    const { trace, ids, rows, width, bag } = lookups;
    const inputs = Object.entries({ trace, ids: String(ids), dims: `rows=${rows},width=${width},bag=${bag}` });
    const bound = inputs.map(([name, value]) => ({ name, value }));
    const space = { area: "embed", subject: model.timed, inputs: bound, folder: place.folder, seed };
    const { artifact, ...shown } = await tuneSpace({ space, budget, seed }, undefined, place);
    return { output: artifact, gave: studyText(artifact), ...shown };
  },
});
