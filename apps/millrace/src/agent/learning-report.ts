/** What a learning run came to: tables for people, one document for programs. */
import {
  type ControllerState,
  type LearningEvent,
  type LearningSpec,
  passAtK,
  type Spending,
  synthesizerName,
} from "@millrace/aspl-agent";
import { html } from "../report/markup.ts";
import { reportPage as page } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { renderTable } from "../terminal/table.ts";
import { controlsJson, controlsText } from "./controls-report.ts";
import { learningCurve } from "./learning-curve.ts";
import { optimizedRows, optimizedText } from "./optimized-report.ts";

/** A finished run. */
export interface LearningReport {
  readonly spec: LearningSpec;
  readonly state: ControllerState;
  readonly events: readonly LearningEvent[];
  /** `null` for a replay, which makes no calls. */
  readonly spending: Spending | null;
}

interface TaskRow {
  readonly task: string;
  readonly samples: number;
  readonly right: number;
  readonly solvedAt: number | null;
  readonly program: string | null;
}

interface IterationRow {
  readonly iteration: number;
  readonly label: string;
  readonly solved: number;
  readonly total: number;
  readonly samples: number;
}

function taskRows({ spec, events }: LearningReport): TaskRow[] {
  return spec.tasks.map((task) => {
    const own = events.flatMap((event) =>
      event.type === "sample" && event.phase === undefined && event.task === task ? [event] : [],
    );
    const found = events.flatMap((event) => {
      if (event.type !== "iteration" || event.phase !== undefined) return [];
      const solved = event.solved.find((one) => one.task === task);
      return solved === undefined ? [] : [{ at: event.iteration, program: solved.program }];
    })[0];
    const right = own.filter(({ verdict }) => verdict === "ok").length;
    return { task, samples: own.length, right, solvedAt: found?.at ?? null, program: found?.program ?? null };
  });
}

function iterationRows({ events }: LearningReport): IterationRow[] {
  let [total, samples] = [0, 0];
  const rows: IterationRow[] = [];
  for (const event of events) {
    if (!("phase" in event) && event.type === "sample") samples++;
    if (event.type !== "iteration" || event.phase !== undefined) continue;
    total += event.solved.length;
    rows.push({ iteration: event.iteration, label: event.label, solved: event.solved.length, total, samples });
  }
  return rows;
}

/** Mean chance over the tasks that `k` samples hold a right one; tasks with fewer samples count by what they have. */
function passRates(rows: readonly TaskRow[]): Readonly<Record<string, number>> {
  const of = (k: number): number =>
    rows.reduce(
      (sum, { samples, right }) =>
        sum + (samples === 0 ? 0 : passAtK({ n: samples, c: right, k: Math.min(k, samples) })),
      0,
    ) / Math.max(1, rows.length);
  return { "1": of(1), "8": of(8), "64": of(64) };
}

/** The report as one JSON document. */
export function reportJson(report: LearningReport): JsonValue {
  const rows = taskRows(report);
  const { spec, state, spending } = report;
  return {
    model: spec.model,
    languageModel: spec.model !== synthesizerName,
    policy: { ...spec.policy },
    seed: spec.seed,
    solved: state.experiences.length,
    tasks: rows.map((row) => ({ ...row })),
    passAtK: passRates(rows),
    iterations: iterationRows(report).map((row) => ({ ...row })),
    stop: state.stop,
    controls: controlsJson(report.events),
    ...(optimizedRows(report.events).length > 0 && {
      optimized: optimizedRows(report.events).map((row) => ({ ...row })),
    }),
    spending: spending && { ...spending },
  };
}

/** The report as text. */
export function reportText(report: LearningReport): string {
  const rows = taskRows(report);
  const { spec, state } = report;
  const share = (row: TaskRow): string => (row.samples === 0 ? "-" : `${row.right}/${row.samples}`);
  const tasks = renderTable(
    [
      { heading: "task", align: "left" },
      { heading: "right", align: "right" },
      { heading: "solved in", align: "right" },
    ],
    rows.map((row) => [row.task, share(row), row.solvedAt === null ? "-" : `iteration ${row.solvedAt}`]),
  );
  const iterations = renderTable(
    [
      { heading: "iteration", align: "right" },
      { heading: "shown", align: "left" },
      { heading: "new", align: "right" },
      { heading: "solved", align: "right" },
      { heading: "samples", align: "right" },
    ],
    iterationRows(report).map(({ iteration, label, solved, total, samples }) =>
      [iteration, label, solved, total, samples].map(String),
    ),
  );
  const honest =
    spec.model === synthesizerName ? "No language model was involved: the programs are an n-gram synthesiser's.\n" : "";
  const outcome = `${state.experiences.length} of ${rows.length} tasks solved; ${state.stop ?? "interrupted"}`;
  return `${tasks}\n${iterations}\n${outcome}\n${controlsText(report.events)}${optimizedText(report.events)}${honest}`;
}

/** The report as a page by itself. */
export function learningPage(report: LearningReport): string {
  const points = iterationRows(report).map(({ label, total, samples }) => ({ label, solved: total, samples }));
  const title = `Learning with ${report.spec.model}`;
  return page(title, [
    html`<h1>${title}</h1>`,
    learningCurve(points, report.spec.tasks.length),
    html`<pre>${reportText(report)}</pre>`,
  ]);
}
