/** `simulate-lookups`: an embedding operation on a machine with an access unit, at every level and as it was tuned. */
import {
  type DaeMachine,
  evaluate,
  type MachineConfiguration,
  machineNamed,
  type OptimizationLevel,
  simulateOperation,
  type Workload,
} from "@millrace/ember-dae";
import { loadWorkload } from "../../../embed/timing-workload.ts";
import { formatCount, formatRatio } from "../../../terminal/quantity.ts";
import type { LookupsArtifact } from "../../artifacts.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { checkTraffic } from "./check-traffic.ts";

const levels: readonly OptimizationLevel[] = [0, 1, 2, 3];

/** The kind. */
export const simulateLookups: StageKind = stageKind({
  name: "simulate-lookups",
  brief: "Times lookups on a core with an access unit, at every level of optimisation and tuned",
  packages: ["ember-dae", "sim-core"],
  inputs: {
    model: { type: "embedding-model", brief: "the operation" },
    lookups: { type: "lookups", brief: "row ids" },
    tuned: { type: "lookups-study", brief: "what a tuner found", optional: true },
  },
  options: {},
  output: "comparison",
  run({ inputs: { model, lookups, tuned }, place }) {
    const machine = machineNamed("dae") as DaeMachine;
    const workload = workloadOf(model.timed, lookups, place.folder);
    const runs = levels.map((level) => {
      place.begin(`level ${level}`);
      return { name: `level ${level}`, report: simulateOperation(workload, machine, { level }) };
    });
    const designs = runs.map(({ name, report }) => ({ name, cycles: report.cycles }));
    if (tuned !== undefined) {
      place.begin("tuned");
      const cost = evaluate(workload, machine, tuned.best.config as MachineConfiguration);
      if (cost.feasible) designs.push({ name: "tuned", cycles: cost.cycles });
    }
    const [first, last] = [designs[0]!, designs.at(-1)!];
    return {
      output: { designs },
      gave: `${formatCount(last.cycles)} cycles ${last.name}, ${formatRatio(first.cycles / last.cycles)} faster than ${first.name}`,
      check: checkTraffic(
        model.operation,
        { ...lookups, ids: workload.fibres!.idx },
        levels.map((level) => ({ level, machine })),
      ),
      tables: [
        {
          title: `Lookups on ${machine.name}`,
          columns: ["level", "cycles", "tokens", "scalars", "vectors", "queue bytes", "bound by"],
          rows: runs.map(({ name, report }) => [
            name,
            report.cycles,
            report.tokens,
            report.scalars,
            report.vectors,
            report.bytes,
            report.bound,
          ]),
        },
        { title: "Designs", columns: ["design", "cycles"], rows: designs.map(({ name, cycles }) => [name, cycles]) },
      ],
    };
  },
});

/** The batch as machines are timed on it. */
export function workloadOf(
  operation: string,
  { trace, ids, rows, width, bag }: LookupsArtifact,
  folder: string,
): Workload {
  return loadWorkload(folder, { operation, trace, ids, dims: { rows, width, bag, block: 1 }, type: "f32" });
}
