/** Runs the learning loop in a folder, from the beginning, from where it was left, or as it was recorded. */
import {
  type Budget,
  type ChatError,
  type ChatModel,
  type LearningEvent,
  type LearningSpec,
  Ledger,
  recording,
  replaying,
  runLearning,
  type Task,
} from "@millrace/aspl-agent";
import type { Outcome, Workplace } from "../cli/outcome.ts";
import { MillraceError } from "../errors.ts";
import type { LearningFolder } from "./learning-folder.ts";
import { type LearningReport, learningPage, reportJson, reportText } from "./learning-report.ts";
import type { ModelSource } from "./model-source.ts";

/** A run, new or old. */
export interface AgentRun {
  readonly spec: LearningSpec;
  readonly tasks: readonly Task[];
  readonly folder: LearningFolder | undefined;
  readonly jobs: number;
  readonly budget: Budget;
}

/** Learns with a model; where there is a folder, its events and recorded calls are gone on with. */
export async function learn(run: AgentRun, source: ModelSource, place: Workplace): Promise<Outcome> {
  const { folder } = run;
  const ledger = new Ledger({ budget: run.budget, prices: source.prices });
  const live = ledger.guard(source.model);
  const known = folder?.calls() ?? [];
  const model = known.length === 0 ? live : recordedFirst(replaying(known), live);
  const asked = folder === undefined ? model : recordNew(model, known, folder);
  const earlier = folder?.events() ?? [];
  const events: LearningEvent[] = [...earlier];
  const result = await sampled(run, place, asked, {
    earlier,
    append: (event) => {
      events.push(event);
      folder?.append(event);
    },
  });
  const report: LearningReport = { spec: run.spec, state: result.state, events, spending: ledger.spending };
  if (result.interrupted) {
    const help =
      folder === undefined ? "with --out DIR the samples are kept" : `go on with: millrace agent resume ${folder.name}`;
    throw new MillraceError("interrupted", `interrupted after ${result.samples} samples`, { help });
  }
  keep(folder, report);
  return outcomeOf(report);
}

/** Repeats a run from its recorded calls; the events must come out as they were. */
export async function replay(run: AgentRun, folder: LearningFolder, place: Workplace): Promise<Outcome> {
  const logged = folder.events();
  const events: LearningEvent[] = [];
  const model = replaying(folder.calls());
  const { state } = await sampled(run, place, model, { earlier: [], append: (event) => events.push(event) });
  const report: LearningReport = { spec: run.spec, state, events, spending: null };
  const differs = events.findIndex((event, index) => JSON.stringify(event) !== JSON.stringify(logged[index]));
  const same = differs < 0 && events.length === logged.length;
  if (!same) place.note(`note: event ${differs < 0 ? events.length : differs + 1} is not as it was logged`);
  return { ...outcomeOf(report), status: same ? 0 : 3 };
}

interface Log {
  readonly earlier: readonly LearningEvent[];
  readonly append: (event: LearningEvent) => void;
}

function sampled(
  { spec, tasks, jobs }: AgentRun,
  place: Workplace,
  model: ChatModel,
  log: Log,
): ReturnType<typeof runLearning> {
  place.progress.begin(`asking ${spec.model}`);
  const watch = (samples: number): void => place.progress.report(samples, undefined, "samples");
  return runLearning({ spec, tasks, model, jobs, interrupted: () => place.host.stopRequested(), watch, ...log });
}

/** Calls that were recorded and whose samples were not logged are not paid twice. */
function recordedFirst(recorded: ChatModel, live: ChatModel): ChatModel {
  return {
    complete: (request, rollout) =>
      recorded.complete(request, rollout).catch((error: ChatError) => {
        if (error.code === "missing") return live.complete(request, rollout);
        throw error;
      }),
  };
}

function recordNew(model: ChatModel, known: readonly { readonly key: string }[], folder: LearningFolder): ChatModel {
  const keys = new Set(known.map(({ key }) => key));
  return recording(model, (entry) => {
    if (!keys.has(entry.key)) folder.recordCall(entry);
  });
}

function keep(folder: LearningFolder | undefined, report: LearningReport): void {
  if (folder === undefined) return;
  folder.write("report.txt", reportText(report));
  folder.write("report.html", learningPage(report));
}

function outcomeOf(report: LearningReport): Outcome {
  return { json: () => reportJson(report), text: () => reportText(report) };
}
