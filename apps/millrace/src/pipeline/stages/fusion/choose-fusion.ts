/** `choose-fusion`: estimates divisions of a model into regions, simulates the best few, takes the fastest. */
import { chooseFusion as chooseRegions, type RegionSchedule, storedTensor } from "@millrace/fuseflow-sparse";
import { checkModel } from "../../../fuse/run-model.ts";
import { machineMemory } from "../../../inputs/machine-memory.ts";
import { formatCount } from "../../../terminal/quantity.ts";
import { counted } from "../../../terminal/wording.ts";
import { memory } from "../../options/file-options.ts";
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { comparedOutputs } from "./compared-outputs.ts";
import { loadedModel } from "./import-sparse-model.ts";

/** The kind. */
export const chooseFusion: StageKind = stageKind({
  name: "choose-fusion",
  brief: "Chooses which statements of a model are fused, by estimates and a few simulations",
  packages: ["fuseflow-sparse", "sim-core", "tensor"],
  inputs: { model: { type: "sparse-model", brief: "the model" } },
  options: {
    memory: memory("Memory of the simulated machine", "none"),
    survivors: integer("Most divisions that are simulated", { least: 1, most: 16, fallback: 4 }),
  },
  output: "fusion",
  async run({ inputs, options: { memory: name, survivors }, place }) {
    const model = await loadedModel(inputs.model, place.folder);
    const { program, operands, granularities } = model;
    const stored = new Map(Object.entries(operands).map(([tensor, value]) => [tensor, storedTensor(value)]));
    const { chosen, candidates, looked } = chooseRegions(program, operands, {
      stored,
      candidates: granularities,
      survivors,
      simulate: { memory: machineMemory(place.folder, name) },
      onCandidate: (candidate) => place.begin(`simulating ${candidate}`),
    });
    place.begin("checking every value");
    const regions = chosen.regions.map(({ name: region, tensors }): RegionSchedule => ({ name: region, tensors }));
    return {
      output: { regions, cycles: chosen.run.cycles },
      gave: `${counted(regions.length, "region", "regions")} of ${candidates.length} divisions, ${formatCount(chosen.run.cycles)} cycles`,
      check: comparedOutputs(model, chosen.run, checkModel(model, chosen.run)),
      tables: [
        {
          title: `Divisions; ${looked} statements were estimated on the way`,
          columns: ["division", "regions", "estimated cycles", "simulated cycles"],
          rows: candidates.map(({ name: division, regions: parts, estimate, run }) => [
            division,
            parts.length,
            Math.round(estimate.cycles),
            run?.cycles ?? null,
          ]),
        },
      ],
    };
  },
});
