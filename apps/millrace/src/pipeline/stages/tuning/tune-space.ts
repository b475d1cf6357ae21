/** Searches a space of the workbench with the tuner: what every `tune-…` stage does. */
import {
  LoggedStudy,
  type MeasurementLayout,
  measurementFrom,
  type Scenario,
  type Trial,
  valueToText,
} from "@millrace/baco-tuner";
import { MillraceError } from "../../../errors.ts";
import { LogFile } from "../../../files/log-file.ts";
import { formatCount, formatRatio } from "../../../terminal/quantity.ts";
import type { Objective } from "../../../tuning/evaluate/objective.ts";
import { studyPictures } from "../../../tuning/report/study-view.ts";
import { runStudy, type StudyRun } from "../../../tuning/run-study.ts";
import { readScenarioText } from "../../../tuning/scenario-file.ts";
import { openSpace } from "../../../tuning/spaces/catalogue.ts";
import type { SpaceRequest, TuningSpace } from "../../../tuning/spaces/tuning-space.ts";
import type { EvaluatedConfiguration, StudyArtifact } from "../../artifacts.ts";
import type { OptionShape } from "../../options/option-shape.ts";
import { integer } from "../../options/scalar-options.ts";
import type { StagePlace } from "../../stage-kind.ts";
import type { StageCheck, StageTable, StageView } from "../../stage-result.ts";

/** Options of every kind that tunes; the seed is that of the command line unless it is set. */
export const studyOptions: { readonly budget: OptionShape<number>; readonly seed: OptionShape<number> } = {
  budget: integer("Evaluations in all", { least: 1, most: 100_000, fallback: 24 }),
  seed: integer("Seed of the search", { least: 0, most: 0xffff_ffff, fallback: 0 }),
};

/** What is searched, and how long. */
export interface TuningRequest {
  readonly space: SpaceRequest;
  readonly budget: number;
  readonly seed: number;
  /** What the study is called among those of its stage; the subject of the space unless given. */
  readonly name?: string;
}

/** A study that came to its end. */
export interface FinishedTuning {
  readonly artifact: StudyArtifact;
  readonly tables: readonly StageTable[];
  readonly views: readonly StageView[];
  /** Evaluations whose results the space compared with a reference, and how many were not right. */
  readonly check: StageCheck;
}

/**
 * Runs a study; `against` is what the space compares every result with. Its log lies in the work folder of the
 * stage: after any end it goes on with the same suggestions.
 *
 * @throws {MillraceError} `interrupted` if the user asked to stop; `argument` if no evaluation worked
 */
export async function tuneSpace(request: TuningRequest, against: string, place: StagePlace): Promise<FinishedTuning> {
  const { space: spaceRequest, budget, seed, name = spaceRequest.subject } = request;
  place.begin(`opening ${spaceRequest.area}:`);
  const space = await openSpace(spaceRequest);
  const source = { name: `${spaceRequest.area}:${name}`, text: JSON.stringify(space.scenario) };
  const scenario = readScenarioText(source, { note: () => {} });
  const log = new LogFile(place.work, `${(request.name ?? "study").replaceAll(/[^\w-]/g, "-")}.log`, true);
  try {
    const environment = { stage: place.key };
    const logged = new LoggedStudy(scenario.space, log, { ...scenario.settings, seed, environment });
    place.begin("evaluating");
    const run = await runStudy(logged, inThisThread(space, scenario, environment), {
      limits: {
        budget,
        time: undefined,
        target: undefined,
        jobs: 1,
        timeout: undefined,
        retries: 0,
        repeat: 1,
        reduce: "mean",
        race: false,
      },
      host: place,
      watch: (told) => place.report(told, budget, "evaluations"),
    });
    return finished({ scenario, logged, run, name: source.name, against });
  } finally {
    log.close();
    space.close?.();
  }
}

function inThisThread(
  space: TuningSpace,
  { objectives, settings }: Scenario,
  environment: Objective["environment"],
): Objective {
  const { feasibilityName, feasibleText } = settings;
  const layout: MeasurementLayout = { objectives, feasibilityName, feasibleText };
  return {
    environment,
    async evaluate({ config }) {
      try {
        return measurementFrom(await space.evaluate(config), layout);
      } catch (error) {
        return { ok: false, kind: "crash", detail: String((error as Error).message).slice(0, 200) };
      }
    },
    close: () => {},
  };
}

function finished({
  scenario,
  logged: { study },
  run,
  name,
  against,
}: {
  readonly scenario: Scenario;
  readonly logged: LoggedStudy;
  readonly run: StudyRun;
  readonly name: string;
  readonly against: string;
}): FinishedTuning {
  if (run.end === "interrupted") throw new MillraceError("interrupted", "interrupted");
  const { best } = study;
  const told = study.trials.filter(({ outcome }) => outcome !== undefined);
  if (best === undefined) {
    throw new MillraceError("argument", `no evaluation of ${name} worked in ${told.length}`, {
      help: "raise the budget, or narrow the space",
    });
  }
  const infeasible = told.filter(({ outcome }) => outcome?.ok === false).length;
  const [first] = told;
  const { size } = study.space;
  const artifact: StudyArtifact = {
    space: name,
    size: size === null ? null : Number(size),
    objectives: scenario.objectives,
    best: evaluated(best),
    first: { config: first!.config, values: first!.outcome?.ok ? valuesOf(first!) : null },
    pareto: study.pareto.map(evaluated).sort((a, b) => a.values[0]! - b.values[0]!),
    evaluations: told.length,
    infeasible,
  };
  return {
    artifact,
    tables: [bestTable(artifact), historyTable(scenario, told)],
    views: studyPictures({
      space: study.space,
      settings: study.settings,
      trials: study.trials,
      seed: study.seed,
      name,
      objectives: scenario.objectives,
    }).map((picture) => ({
      ...picture,
      id: picture.kind,
    })),
    check: checkOf(told, against),
  };
}

/** The space throws where a result is not that of its reference: such an evaluation is a crash. */
function checkOf(told: readonly Trial[], against: string): StageCheck {
  const wrong = told.filter(({ outcome }) => outcome?.ok === false && outcome.kind === "crash");
  const right = told.filter(({ outcome }) => outcome?.ok).length;
  return {
    against,
    compared: right + wrong.length,
    differing: wrong.length,
    unit: "results",
  };
}

function evaluated(trial: Trial): EvaluatedConfiguration {
  return { config: trial.config, values: valuesOf(trial) };
}

function valuesOf({ outcome }: Trial): readonly number[] {
  return outcome?.ok ? (outcome.objectives ?? [outcome.value]) : [];
}

function historyTable({ objectives, space }: Scenario, told: readonly Trial[]): StageTable {
  const names = space.parameters.map((parameter) => parameter.name);
  return {
    title: "Evaluations",
    columns: ["evaluation", ...objectives, ...names],
    rows: told.map((trial, at) => [
      at + 1,
      ...objectives.map((_, i) => valuesOf(trial)[i] ?? null),
      ...names.map((parameter) => valueToText(trial.config[parameter]!)),
    ]),
  };
}

/** Best against first, where the study began. */
function bestTable({ objectives, best, first }: StudyArtifact): StageTable {
  const shown = (value: number | undefined): number | null => value ?? null;
  return {
    title: "The best beside the first",
    columns: ["", "first", "best"],
    rows: [
      ...objectives.map((name, at) => [name, shown(first.values?.[at]), shown(best.values[at])]),
      ...Object.entries(best.config).map(([name, value]) => [
        name,
        valueToText(first.config[name]!),
        valueToText(value),
      ]),
    ],
  };
}

/** What a study found, in a line. */
export function studyText({ objectives, best, first, evaluations, pareto }: StudyArtifact): string {
  const [value] = best.values;
  const before = first.values?.[0];
  const gain =
    before === undefined || value === undefined ? "" : `, ${formatRatio(before / value)} better than the first`;
  const front = objectives.length > 1 ? `, ${pareto.length} on the Pareto front` : "";
  return `${formatCount(value ?? Number.NaN)} ${objectives[0]} after ${evaluations} evaluations${gain}${front}`;
}
