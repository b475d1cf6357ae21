/** `tune-operators`: tiles, queues and lanes of each verified operator, by the tuner over the space of `aspl-agent`. */
import { ownTasks } from "../../../agent/load-tasks.ts";
import { writeWhole } from "../../../files/write.ts";
import { formatRatio } from "../../../terminal/quantity.ts";
import type { SpaceRequest } from "../../../tuning/spaces/tuning-space.ts";
import type { FoundProgram, ProgramsArtifact, StudyArtifact } from "../../artifacts.ts";
import { type StageKind, type StagePlace, stageKind } from "../../stage-kind.ts";
import type { StageTable, StageView } from "../../stage-result.ts";
import { studyOptions, tuneSpace } from "../tuning/tune-space.ts";

/** The kind. */
export const tuneOperators: StageKind = stageKind({
  name: "tune-operators",
  brief: "Tunes tiles, queues and lanes of each operator, for cycles and bytes on chip",
  packages: ["baco-tuner", "aspl-agent", "step-ir", "sim-core"],
  inputs: { operators: { type: "operators", brief: "verified programs" } },
  options: studyOptions,
  output: "operators-study",
  async run({ inputs: { operators }, options: { budget, seed }, place }) {
    const studies: (StudyArtifact & { readonly task: string })[] = [];
    const tables: StageTable[] = [];
    const views: StageView[] = [];
    let compared = 0;
    let differing = 0;
    for (const program of operators.programs) {
      const space = operatorSpaceRequest(operators, program, { place, seed });
      const found = await tuneSpace({ space, budget, seed, name: program.task }, "the task's reference", place);
      studies.push({ ...found.artifact, task: program.task });
      tables.push(...found.tables.map((table) => ({ ...table, title: `${program.task}: ${table.title}` })));
      views.push(...found.views.map((view) => ({ ...view, id: `${program.task}/${view.id}` })));
      compared += found.check.compared;
      differing += found.check.differing;
    }
    const gains = studies.flatMap(({ first, best }) =>
      first.values === null ? [] : [first.values[0]! / best.values[0]!],
    );
    const mean = gains.reduce((product, gain) => product * gain, 1) ** (1 / Math.max(1, gains.length));
    return {
      output: { studies },
      gave: `${studies.length} studies of ${budget} evaluations, cycles ${formatRatio(mean)} better in the geometric mean`,
      check: { against: "the tasks' references, on a second engine", compared, differing, unit: "results" },
      tables,
      views,
    };
  },
});

/** The space of machines for one program, whose text is put into the work folder of the stage. */
export function operatorSpaceRequest(
  { tasks }: Pick<ProgramsArtifact, "tasks">,
  { task, text }: FoundProgram,
  { place, seed }: { readonly place: StagePlace; readonly seed: number },
): SpaceRequest {
  const program = writeWhole(place.work, `${task.replaceAll(/[^\w-]/g, "-")}.step`, text);
  const inputs = Object.entries({ task, program }).map(([name, value]) => ({ name, value }));
  return { area: "agent", subject: tasks ?? ownTasks, inputs, folder: place.folder, seed };
}
