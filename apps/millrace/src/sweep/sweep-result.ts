/** The result of a sweep: every configuration with its values, and which no other beats. */
import { paretoFront, type Scenario } from "@millrace/baco-tuner";
import type { JobOutcome } from "@millrace/sweep";
import type { JsonValue } from "../terminal/json.ts";
import { formatCount } from "../terminal/quantity.ts";
import { renderPairs, renderTable } from "../terminal/table.ts";
import type { PlannedSweep } from "./sweep-jobs.ts";
import { measuredOutcome } from "./sweep-trials.ts";

/** A configuration that was evaluated. */
export interface SweepPoint {
  readonly config: JsonValue;
  /** Values of the objectives, in their order; null where it is not feasible or failed. */
  readonly values: readonly number[] | null;
  /** Why there are no values. */
  readonly reason: string | null;
}

/** A sweep with the outcomes that there are. */
export interface SweepResult {
  readonly sweep: PlannedSweep;
  readonly outcomes: readonly (JobOutcome | undefined)[];
}

/** Configurations with an outcome, in the order of the sweep. */
function pointsOf({ sweep, outcomes }: SweepResult): readonly SweepPoint[] {
  return sweep.jobs.flatMap(({ input }, at): SweepPoint[] => {
    const outcome = outcomes[at];
    return outcome === undefined ? [] : [{ config: input as JsonValue, ...measured(outcome, sweep.scenario) }];
  });
}

function measured(outcome: JobOutcome, scenario: Scenario): Pick<SweepPoint, "values" | "reason"> {
  if (!outcome.ok) return { values: null, reason: `${outcome.kind}: ${outcome.message}` };
  const found = measuredOutcome(outcome, scenario);
  if (found.ok) return { values: found.objectives ?? [found.value], reason: null };
  const { value } = outcome;
  const told = typeof value === "object" && value !== null && "reason" in value ? value.reason : undefined;
  return { values: null, reason: typeof told === "string" ? told : (found.detail ?? found.kind) };
}

/** The points that no other beats. */
function frontOf(points: readonly SweepPoint[]): readonly SweepPoint[] {
  const feasible = points.filter(({ values }) => values !== null);
  return paretoFront(feasible.map(({ values }) => values!)).map((at) => feasible[at]!);
}

/** The document of `--json`, the same however the sweep was run. */
export function sweepToJson(result: SweepResult): JsonValue {
  const points = pointsOf(result);
  const { objectives } = result.sweep.scenario;
  const shown = ({ config, values, reason }: SweepPoint): JsonValue => {
    if (values === null) return { config, feasible: false, reason };
    return { config, feasible: true, ...Object.fromEntries(objectives.map((name, at) => [name, values[at]!])) };
  };
  return {
    space: result.sweep.name,
    objectives: [...objectives],
    jobs: result.sweep.jobs.length,
    finished: points.length,
    feasible: points.filter(({ values }) => values !== null).length,
    pareto: frontOf(points).map(shown),
    points: points.map(shown),
  };
}

/** Most rows of the front that are printed. */
const MOST_ROWS = 20;

/** The result as text. */
export function sweepToText(result: SweepResult, ran: string): string {
  const { sweep } = result;
  const { objectives, space } = sweep.scenario;
  const points = pointsOf(result);
  const front = frontOf(points);
  const failed = points.length - points.filter(({ values }) => values !== null).length;
  const pairs = renderPairs([
    ["space", sweep.name],
    ["evaluated", `${formatCount(points.length)} of ${formatCount(sweep.jobs.length)} configurations; ${ran}`],
    ["infeasible", formatCount(failed)],
    [objectives.length > 1 ? "Pareto front" : "best", `${front.length} of them`],
  ]);
  const names = space.parameters.map(({ name }) => name);
  const columns = [
    ...objectives.map((heading) => ({ heading, align: "right" as const })),
    ...names.map((heading) => ({ heading, align: "left" as const })),
  ];
  const rows = front
    .slice(0, MOST_ROWS)
    .map(({ config, values }) => [
      ...values!.map((value) => String(Number(value.toPrecision(6)))),
      ...names.map((name) => word((config as Readonly<Record<string, JsonValue>>)[name])),
    ]);
  const more = front.length > MOST_ROWS ? `and ${front.length - MOST_ROWS} more; --json lists them\n` : "";
  return `${pairs}${rows.length === 0 ? "" : `\n${renderTable(columns, rows)}`}${more}`;
}

function word(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
