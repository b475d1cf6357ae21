/** `tune-fusion`: what is fused, loop order, lanes and tiles of a model, by the tuner over the space of `fuseflow-sparse`. */
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { studyOptions, studyText, tuneSpace } from "../tuning/tune-space.ts";

/** The kind. */
export const tuneFusion: StageKind = stageKind({
  name: "tune-fusion",
  brief: "Tunes regions, loop order, lanes and tiles of a model, for cycles and blocks",
  packages: ["baco-tuner", "fuseflow-sparse", "sim-core", "tensor"],
  inputs: { model: { type: "sparse-model", brief: "the model" } },
  options: {
    orders: integer("Most loop orders of a region", { least: 1, most: 1000, fallback: 4 }),
    lanes: integer("Most lanes of a loop, a power of two", { least: 1, most: 256, fallback: 8 }),
    block: integer("Largest edge of tiles, a power of two", { least: 1, most: 64, fallback: 8 }),
    ...studyOptions,
  },
  output: "fusion-study",
  async run({ inputs: { model }, options: { orders, lanes, block, budget, seed }, place }) {
    const sizes = Object.entries({ orders, lanes, block }).map(([name, value]) => ({ name, value: String(value) }));
    const operands = Object.entries(model.operands).map(([name, value]) => ({ name, value }));
    const space = {
      area: "fuse",
      subject: model.model,
      inputs: [...operands, ...sizes],
      folder: place.folder,
      seed: model.seed,
    };
    const { artifact, ...shown } = await tuneSpace({ space, budget, seed }, "the dense reference", place);
    return { output: artifact, gave: studyText(artifact), ...shown };
  },
});
