/** `verify-programs`: judges programs as texts, and runs the right ones a second time as streaming programs. */
import { Verifier } from "@millrace/aspl-agent";
import { loadTask, ownTasks } from "../../../agent/load-tasks.ts";
import { formatCount } from "../../../terminal/quantity.ts";
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";

/** The kind. */
export const verifyPrograms: StageKind = stageKind({
  name: "verify-programs",
  brief: "Judges programs for tasks, and runs the right ones as streaming programs in time",
  packages: ["aspl-agent", "step-ir", "sim-core"],
  inputs: { programs: { type: "programs", brief: "programs for tasks" } },
  options: { seed: integer("Seed of the inputs", { least: 0, most: 0xffff_ffff, fallback: 0 }) },
  output: "operators",
  run({ inputs: { programs: found }, options: { seed }, place }) {
    const judged = found.programs.map(({ task: id, text }) => {
      place.begin(`judging ${id}`);
      const task = loadTask(place.folder, found.tasks ?? ownTasks, id);
      return { id, text, verdict: new Verifier(task, { seed, hardware: {} }).verifyText(text) };
    });
    const right = judged.filter(({ verdict }) => verdict.verdict === "ok" && verdict.metrics?.cost !== undefined);
    const cycles = right.reduce((sum, { verdict }) => sum + verdict.metrics!.cost!.cycles, 0);
    return {
      output: { tasks: found.tasks, programs: right.map(({ id, text }) => ({ task: id, text })) },
      gave: `${right.length} operators, ${formatCount(cycles)} cycles in all as they are`,
      check: {
        against: "the tasks' references and a second engine",
        compared: judged.length,
        differing: judged.length - right.length,
        unit: "programs",
      },
      tables: [
        {
          title: "Verdicts",
          columns: ["task", "verdict", "operators", "Copies", "cycles", "bytes on chip"],
          rows: judged.map(({ id, verdict: { verdict, message, metrics } }) => [
            id,
            message === null ? verdict : `${verdict}: ${message}`,
            metrics?.operators ?? null,
            metrics?.copies ?? null,
            metrics?.cost?.cycles ?? null,
            metrics?.cost?.onChipBytes ?? null,
          ]),
        },
      ],
    };
  },
});
