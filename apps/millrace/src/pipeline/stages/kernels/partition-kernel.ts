/** `partition-kernel`: the work of a kernel in units, by rows and evenly, recounted and computed. */
import { compileKernel, type KernelOutcome, type Strategy, verify, wasmEngine } from "@millrace/sparse-partitioner";
import { parseAssignment } from "@millrace/tensor";
import { checkResult, referenceValue } from "../../../simulation/check-result.ts";
import { formatCount, formatRatio } from "../../../terminal/quantity.ts";
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { loadedKernel } from "./read-kernel.ts";

const strategies: readonly Strategy[] = ["rows", "balanced"];

/** The kind. */
export const partitionKernel: StageKind = stageKind({
  name: "partition-kernel",
  brief: "Divides the work of a kernel into units, by rows and evenly",
  packages: ["sparse-partitioner", "tensor"],
  inputs: { kernel: { type: "kernel", brief: "the expression and its operands" } },
  options: { units: integer("Units of work", { least: 1, most: 1_000_000, fallback: 64 }) },
  output: "comparison",
  async run({ inputs: { kernel }, options: { units }, place }) {
    const { lists, tensors } = await loadedKernel(kernel, place.folder);
    const assignment = parseAssignment(kernel.expression);
    const reference = referenceValue(assignment, lists);
    const compiled = compileKernel(assignment, { operands: tensors, engine: wasmEngine() });
    const runs = [];
    for (const strategy of strategies) {
      place.begin(`${strategy}, ${units} units`);
      runs.push({ strategy, outcome: await compiled.run({ units, strategy, statistics: true }) });
    }
    const checks = runs.map(({ outcome }) => checkResult(outcome.result, reference));
    // A division by rows keeps no bound: what is recounted is the even one.
    const recounts = plansOf(runs.at(-1)!.outcome).map(verify);
    const wrong = recounts.filter(({ holds }) => !holds).length;
    const shown = runs.map(({ strategy, outcome }) => {
      const { unitWork, work, units: used, bound } = outcome.statistics!;
      const largest = unitWork.reduce((most, part) => Math.max(most, part), 0);
      return { strategy, work, largest, bound, mean: work / used, idle: unitWork.filter((part) => part === 0).length };
    });
    compiled.release();
    const [byRows, even] = [shown[0]!, shown.at(-1)!];
    return {
      output: { designs: shown.map(({ strategy, largest }) => ({ name: strategy, largestUnitWork: largest })) },
      gave: `at most ${formatCount(even.largest)} of ${formatCount(even.work)} in a unit (bound ${formatCount(even.bound)}), by rows ${formatRatio(byRows.largest / even.largest)} as much`,
      check: {
        against: "the reference evaluator and a recount of every unit",
        compared: checks.reduce((sum, { compared }) => sum + compared, recounts.length),
        differing: checks.reduce((sum, { differing }) => sum + differing, wrong),
        unit: "values and plans",
      },
      tables: [
        {
          title: `Work in ${units} units`,
          columns: ["division", "work", "largest unit", "bound", "mean", "idle units"],
          rows: shown.map(({ strategy, work, largest, bound, mean, idle }) => [
            strategy,
            work,
            largest,
            bound,
            mean,
            idle,
          ]),
        },
      ],
    };
  },
});

function plansOf({ stages }: KernelOutcome) {
  return stages.flatMap(({ plan }) => plan?.phases.map((phase) => phase.plan) ?? []);
}
