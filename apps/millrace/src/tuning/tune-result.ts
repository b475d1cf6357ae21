/** The result of a study, for people and for programs. */
import type { Study, Trial } from "@millrace/baco-tuner";
import type { JsonValue } from "../terminal/json.ts";
import { formatCount, formatDuration } from "../terminal/quantity.ts";
import { renderPairs } from "../terminal/table.ts";
import { wordOf } from "./evaluate/command-line.ts";
import type { StudyRun } from "./run-study.ts";

/** A finished study. */
export interface TuneResult {
  readonly study: Study;
  readonly objectives: readonly string[];
  readonly run: StudyRun;
  readonly optimum: number | undefined;
  /** Milliseconds of evaluations that an earlier process made, by trial. */
  readonly earlier: ReadonlyMap<number, number>;
}

/** One told trial, as `--json` lists it: `best` is the least value up to here, null before the first. */
export interface HistoryEntry {
  readonly i: number;
  readonly config: Trial["config"];
  readonly value: number | null;
  readonly feasible: boolean;
  readonly best: number | null;
  readonly ms: number;
}

/** The told trials in the order in which they were asked. */
export function historyOf({ study, run, earlier }: TuneResult): HistoryEntry[] {
  let best: number | null = null;
  return study.trials.flatMap(({ id, config, outcome }) => {
    if (outcome === undefined) return [];
    const value = outcome.ok ? outcome.value : null;
    if (value !== null && (best === null || value < best)) best = value;
    const ms = run.durations.get(id) ?? earlier.get(id) ?? 0;
    return [{ i: id, config, value, feasible: outcome.ok, best, ms }];
  });
}

function bestEntry(history: readonly HistoryEntry[]): HistoryEntry | undefined {
  return history.find(({ value }) => value !== null && value === history.at(-1)!.best);
}

/** The document of `--json`. */
export function tuneToJson(result: TuneResult): JsonValue {
  const history = historyOf(result);
  const { overheads, invalidProposals, end } = result.run;
  return {
    history: history as unknown as JsonValue,
    best: (bestEntry(history) ?? null) as unknown as JsonValue,
    overheadMs: { mean: mean(overheads), p95: quantile(overheads, 0.95) },
    invalidProposals,
    // The space has no more to evaluate than the budget allows: the budget is what was met.
    stop: end === "exhausted" || end === "interrupted" ? "budget" : end,
    ...(result.objectives.length > 1 ? { pareto: paretoOf(result) } : {}),
  };
}

/** The configurations that no other beats, with all their values. */
function paretoOf({ study, objectives }: TuneResult): JsonValue {
  return study.pareto.map(({ id, config, outcome }) => {
    const values = outcome?.ok ? (outcome.objectives ?? [outcome.value]) : [];
    return { i: id, config, ...Object.fromEntries(objectives.map((name, at) => [name, values[at]!])) } as JsonValue;
  });
}

/** The result as text. */
export function tuneToText(result: TuneResult): string {
  const { study, run, objectives, optimum } = result;
  const history = historyOf(result);
  const best = bestEntry(history);
  const pairs: [string, string][] = [];
  if (best === undefined) pairs.push(["best", "none: every evaluation failed"]);
  else {
    const over =
      optimum === undefined || optimum <= 0 ? "" : `, ${(best.value! / optimum).toFixed(3)} of the least there is`;
    pairs.push([
      `best ${objectives[0]}`,
      `${shownNumber(best.value!)} (evaluation ${best.i + 1} of ${history.length}${over})`,
    ]);
    for (const [name, value] of Object.entries(best.config)) pairs.push([`  ${name}`, wordOf(value)]);
  }
  if (objectives.length > 1)
    pairs.push(["Pareto front", `${study.pareto.length} configurations in ${objectives.join(", ")}`]);
  const { size } = study.space;
  pairs.push(["space", size === null ? "continuous" : `${formatCount(Number(size))} valid configurations`]);
  pairs.push(...failuresOf(study));
  pairs.push(["ended by", run.end === "exhausted" ? "the end of the space" : run.end]);
  pairs.push([
    "suggestions",
    `${mean(run.overheads).toFixed(1)} ms on average, 95 % within ${quantile(run.overheads, 0.95).toFixed(1)} ms`,
  ]);
  const spent = history.reduce((sum, { ms }) => sum + ms, 0);
  pairs.push(["evaluations", `${formatDuration(spent)} in all`]);
  return renderPairs(pairs);
}

/** How often evaluations failed in each way, and what the first that did said. */
function failuresOf({ trials }: Study): [string, string][] {
  const failures = new Map<string, { count: number; readonly detail: string | undefined }>();
  for (const { outcome } of trials) {
    if (outcome?.ok !== false) continue;
    const known = failures.get(outcome.kind);
    if (known === undefined) failures.set(outcome.kind, { count: 1, detail: outcome.detail });
    else known.count += 1;
  }
  return [...failures].map(([kind, { count, detail }], at) => [
    at === 0 ? "failed" : "",
    `${count} ${kind}${detail === undefined ? "" : ` (${count > 1 ? "the first: " : ""}${detail})`}`,
  ]);
}

/** A measured number in few digits. */
export function shownNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(share * values.length) - 1)]!;
}
