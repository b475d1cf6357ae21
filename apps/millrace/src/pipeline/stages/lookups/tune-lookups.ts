/** `tune-lookups`: level, lanes, queue and run-ahead of a machine for lookups, by the tuner over the space of `ember-dae`. */
import { type DaeMachine, machineNamed, type Operation, type OptimizationLevel } from "@millrace/ember-dae";
import { loadTrace } from "../../../embed/load-trace.ts";
import type { LookupsArtifact, StudyArtifact } from "../../artifacts.ts";
import { type StageKind, type StagePlace, stageKind } from "../../stage-kind.ts";
import type { StageCheck } from "../../stage-result.ts";
import { studyOptions, studyText, tuneSpace } from "../tuning/tune-space.ts";
import { checkTraffic, type JudgedMachine } from "./check-traffic.ts";

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
    const { artifact, check, ...shown } = await tuneSpace({ space, budget, seed }, "what machines allow", place);
    return {
      output: artifact,
      gave: studyText(artifact),
      ...shown,
      // The space compares nothing; a crash says more than that the designs which are kept are right.
      check: check.differing > 0 ? check : checkFront(model.operation, lookups, { artifact, place }),
    };
  },
});

/** What the designs that nothing beats move, each way to compile for them once. */
function checkFront(
  operation: Operation,
  lookups: LookupsArtifact,
  { artifact, place }: { readonly artifact: StudyArtifact; readonly place: StagePlace },
): StageCheck {
  const ids = loadTrace(place.folder, lookups.trace).subarray(0, lookups.ids);
  const ways = new Map<string, JudgedMachine>();
  for (const { config } of artifact.pareto) {
    const [level, lanes] = [Number(config.opt) as OptimizationLevel, Number(config.lanes)];
    ways.set(`${level} ${lanes}`, { level, machine: { ...(machineNamed("dae") as DaeMachine), lanes } });
  }
  return checkTraffic(operation, { ...lookups, ids }, [...ways.values()]);
}
