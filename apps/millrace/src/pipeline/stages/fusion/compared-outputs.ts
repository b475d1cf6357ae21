import type { ProgramRun } from "@millrace/fuseflow-sparse";
import type { LoadedModel } from "../../../fuse/load-model.ts";
import type { ModelCheck } from "../../../fuse/run-model.ts";
import type { StageCheck } from "../../stage-result.ts";

/** The check of a run as a stage tells it: all values of all outputs at once. */
export function comparedOutputs(
  { program }: LoadedModel,
  run: ProgramRun,
  { passed, reason }: ModelCheck,
): StageCheck | string {
  if (passed === null) return `nothing: ${reason}`;
  const compared = program.outputs.reduce(
    (sum, name) => sum + run.tensors.get(name)!.shape.reduce((product, extent) => product * extent, 1),
    0,
  );
  return { against: "the dense reference", compared, differing: passed ? 0 : compared, unit: "values" };
}
