/** What a run would do: which stages have a result, and why the others have none. */
import type { JsonValue } from "../../terminal/json.ts";
import { renderTable } from "../../terminal/table.ts";
import type { StagePlan } from "../run/plan-pipeline.ts";

type StageState = "cached" | "runs" | "waits";

function stateOf({ kept, key }: StagePlan): StageState {
  if (kept !== undefined) return "cached";
  return key === undefined ? "waits" : "runs";
}

/** `cached 3/5`. */
export function cachedText(cached: number, all: number): string {
  return `cached ${cached}/${all}`;
}

/** The plan as a table. */
export function planToText(plans: readonly StagePlan[]): string {
  const columns = ["stage", "kind", "takes from", "now", "because"].map(
    (heading) => ({ heading, align: "left" }) as const,
  );
  const rows = plans.map((plan) => [
    plan.stage.name,
    plan.stage.kind.name,
    [...new Set(Object.values(plan.stage.from))].join(", "),
    stateOf(plan),
    plan.why,
  ]);
  const cached = plans.filter(({ kept }) => kept !== undefined).length;
  return `${renderTable(columns, rows)}${cachedText(cached, plans.length)}\n`;
}

/** The plan as values. */
export function planToJson(name: string, plans: readonly StagePlan[]): JsonValue {
  return {
    pipeline: name,
    cached: plans.filter(({ kept }) => kept !== undefined).length,
    stages: plans.map((plan) => ({
      name: plan.stage.name,
      kind: plan.stage.kind.name,
      from: { ...plan.stage.from },
      options: plan.stage.options as Readonly<Record<string, JsonValue>>,
      state: stateOf(plan),
      key: plan.key ?? null,
      why: plan.why,
    })),
  };
}
