/** `simulate-operators`: each operator on the machine it began with and on the one that was tuned for it. */
import { AsplError } from "@millrace/aspl-agent";
import { formatCount, formatRatio } from "../../../terminal/quantity.ts";
import { openSpace } from "../../../tuning/spaces/catalogue.ts";
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { operatorSpaceRequest } from "./tune-operators.ts";

/** The kind. */
export const simulateOperators: StageKind = stageKind({
  name: "simulate-operators",
  brief: "Simulates each operator on the machine it began with and on the tuned one",
  packages: ["aspl-agent", "step-ir", "sim-core"],
  inputs: {
    operators: { type: "operators", brief: "verified programs" },
    tuned: { type: "operators-study", brief: "what a tuner found for each" },
  },
  options: { seed: integer("Seed of the inputs", { least: 0, most: 0xffff_ffff, fallback: 0 }) },
  output: "comparison",
  async run({ inputs: { operators, tuned }, options: { seed: drawn }, place }) {
    const rows: { readonly task: string; readonly before: Cost; readonly after: Cost }[] = [];
    let wrong = 0;
    const seed = (drawn + 1) % 2 ** 32;
    for (const program of operators.programs) {
      const study = tuned.studies.find(({ task }) => task === program.task);
      if (study === undefined) continue;
      place.begin(`simulating ${program.task}`);
      // Inputs that the tuner did not see: what is right on some must be right on others.
      const space = await openSpace(operatorSpaceRequest(operators, program, { place, seed }));
      try {
        const [before, after] = [space.evaluate(study.first.config), space.evaluate(study.best.config)] as [Cost, Cost];
        rows.push({ task: program.task, before, after });
      } catch (error) {
        if (!(error instanceof AsplError) || error.code !== "program") throw error;
        wrong += 1;
      }
    }
    const [all, tunedAll] = [sum(rows.map(({ before }) => before.cycles)), sum(rows.map(({ after }) => after.cycles))];
    return {
      output: {
        designs: rows.map(({ task, after }) => ({ name: task, cycles: after.cycles, bytes: after.onChipBytes })),
      },
      gave: `${formatCount(tunedAll)} cycles in all, ${formatRatio(all / tunedAll)} faster than on the first machines`,
      check: {
        against: "the references on inputs that the tuner did not see",
        compared: 2 * (rows.length + wrong),
        differing: wrong,
        unit: "runs",
      },
      tables: [
        {
          title: "Operators",
          columns: ["task", "first cycles", "tuned cycles", "speed-up", "first bytes on chip", "tuned bytes on chip"],
          rows: rows.map(({ task, before, after }) => [
            task,
            before.cycles,
            after.cycles,
            formatRatio(before.cycles / after.cycles),
            before.onChipBytes,
            after.onChipBytes,
          ]),
        },
      ],
    };
  },
});

interface Cost {
  readonly cycles: number;
  readonly onChipBytes: number;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
