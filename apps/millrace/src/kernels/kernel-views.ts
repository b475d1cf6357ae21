/** A run of a kernel as views of the studio: units, counters, the plan and the loops. Times are left out: they differ. */
import { printNest } from "@millrace/loop-ir";
import { explainStage, type KernelOutcome, nestsOf } from "@millrace/sparse-partitioner";
import type { CountersView } from "@millrace/studio";
import type { RunFolder } from "../files/run-folder.ts";
import { unitsView } from "./units-view.ts";

/** Keeps the views of a run in `units` units. */
export function keepKernelViews(kept: RunFolder, outcome: KernelOutcome, units: number): void {
  const { stages } = outcome;
  const over = unitsView(outcome);
  if (over !== null) kept.view("units", `Units over ${over.label}`, over);
  kept.view("counters", "Work and steps", countersOf(outcome));
  const plan = stages.map(({ runner, plan }) => explainStage(runner, plan)).join("\n");
  kept.view("text", "Plan", { text: plan }, { id: "plan" });
  const loops = stages.flatMap(({ runner }) => nestsOf(runner, units)).map(printNest);
  kept.view("text", "Loops", { text: loops.join("\n") }, { id: "loops" });
}

function countersOf({ statistics }: KernelOutcome): CountersView {
  const { work, bound, units, unitWork, unitSteps } = statistics!;
  return [
    { name: "work of all units", unit: "positions", value: work },
    { name: "bound", unit: "positions", value: bound },
    { name: "units", unit: "", value: units },
    ...unitWork.map((value, unit) => ({ name: "work", unit: "positions", value, owner: `unit ${unit}` })),
    ...unitSteps.map((value, unit) => ({ name: "steps", unit: "steps", value, owner: `unit ${unit}` })),
  ];
}
