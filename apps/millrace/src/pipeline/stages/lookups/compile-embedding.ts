/** `compile-embedding`: the embedding operation of a model as a decoupled program, its values compared with a recorded run. */
import { compile, type OptimizationLevel, printProgram } from "@millrace/ember-dae";
import { compareOutputs } from "../../../embed/compare-outputs.ts";
import { interpreterEngine, noNotes } from "../../../embed/engines.ts";
import { loadPrograms } from "../../../embed/load-programs.ts";
import { readRecordedRun } from "../../../embed/recorded-tensors.ts";
import { runEmbedding } from "../../../embed/run-embedding.ts";
import { timedNameOf } from "../../../embed/timing-workload.ts";
import { MillraceError } from "../../../errors.ts";
import { withModel } from "../../../inputs/load-model.ts";
import { file, optionalFile } from "../../options/file-options.ts";
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";

/** The kind. */
export const compileEmbedding: StageKind = stageKind({
  name: "compile-embedding",
  brief: "Compiles the embedding operation of a model to decoupled access and execution",
  packages: ["ember-dae", "model-import"],
  inputs: {},
  options: {
    model: file("Model file", "a model file"),
    recorded: optionalFile("Inputs and outputs of a recorded run, as JSON", "a file"),
    opt: integer("Level of optimisation", { least: 0, most: 3, fallback: 3 }),
  },
  output: "embedding-model",
  async run({ options: { model, recorded, opt }, place }) {
    const [program] = await loadPrograms(place.folder, model);
    const operation = program?.operation;
    const timed = operation === undefined ? undefined : timedNameOf(operation);
    if (program === undefined || operation === undefined || timed === undefined) {
      throw new MillraceError("argument", `${model} has no embedding operation that machines know`);
    }
    place.begin("comparing every level");
    const level = opt as OptimizationLevel;
    const compiled = compile(program.program, { level, verifyEach: true });
    const texts = { scf: printProgram(program.program), dlc: printProgram(compiled.dlc) };
    return {
      output: { model, recorded, operation, timed },
      gave: `${program.name} of ${program.result}, ${timed} in ${texts.dlc.split("\n").length} lines of DLC`,
      check:
        recorded === null ? "nothing: no run is recorded" : await checkRecorded(model, recorded, level, place.folder),
      views: [
        {
          id: "passes",
          kind: "passes",
          title: "From loops to units and queues",
          document: {
            stages: [
              { name: "scf", changed: true, text: texts.scf },
              { name: "dlc", changed: true, text: texts.dlc },
            ],
          },
        },
      ],
    };
  },
});

/** Outputs against the recorded ones, and every level of optimisation against the loop nest, bit by bit. */
function checkRecorded(model: string, recordedFile: string, level: OptimizationLevel, folder: string) {
  return withModel(folder, model, {}, async (graph) => {
    const recorded = readRecordedRun(folder, recordedFile);
    const notes = noNotes();
    const { outputs } = await runEmbedding(graph, recorded, interpreterEngine(level, true, notes));
    const given = outputs.map(({ tensor }) => tensor);
    const { compared, differing } = compareOutputs(
      given,
      (recorded.outputs ?? []).map(({ tensor }) => tensor),
      "recorded outputs",
    );
    return {
      against: "the recorded run, and every level with the loops",
      compared: compared + notes.compared,
      differing: differing + notes.differing,
      unit: "values and levels",
    };
  });
}
