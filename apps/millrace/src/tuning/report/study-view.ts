/** Studies and sweeps as views of the studio. */
import { importanceOf, type Parameter, type StudiedTrials, type Trial, valueToText } from "@millrace/baco-tuner";
import type { PointsView, StudyImportance, StudyParameter, StudyView } from "@millrace/studio";
import type { RunFolder } from "../../files/run-folder.ts";

/** Trials with what they are called. All objectives are minimised. */
export interface NamedTrials extends StudiedTrials {
  readonly name: string;
  readonly objectives: readonly string[];
  /** The least value of the first objective that there is, where that is known. */
  readonly optimum?: number | undefined;
}

/** The told trials as a study that the studio shows; times are left out, so that the same trials give the same bytes. */
function studyView({ name, objectives, optimum, ...studied }: NamedTrials): StudyView {
  const told = studied.trials.filter(({ outcome }) => outcome !== undefined);
  const parameters = studied.space.parameters.map((parameter) => columnOf(parameter, told));
  const outcomes = ["ok", ...new Set(told.flatMap(({ outcome }) => (outcome!.ok ? [] : [outcome!.kind])))];
  const importance = objectives.flatMap((objective, at): StudyImportance[] => {
    const shares = importanceOf(studied, at);
    return shares.length === 0 ? [] : [{ objective, shares }];
  });
  return {
    name,
    parameters: parameters.map(({ shown }) => shown),
    objectives: objectives.map((objective) => ({ name: objective, goal: "minimize" })),
    outcomes,
    evaluations: {
      config: parameters.map(({ column }) => column),
      values: objectives.map((_, at) => told.map((trial) => measuredAt(trial, at))),
      outcome: told.map(({ outcome }) => outcomes.indexOf(outcome!.ok ? "ok" : outcome!.kind)),
    },
    ...(optimum === undefined ? {} : { optimum }),
    ...(importance.length === 0 ? {} : { importance }),
  };
}

/** A study as the studio shows it: its history, and where it has several objectives its feasible trials as designs. */
export type StudyPicture =
  | { readonly kind: "study"; readonly title: string; readonly document: StudyView }
  | { readonly kind: "points"; readonly title: string; readonly document: PointsView };

/** The pictures of a study. */
export function studyPictures(trials: NamedTrials): StudyPicture[] {
  const study = { kind: "study", title: trials.name, document: studyView(trials) } as const;
  const designs = designsOf(trials);
  if (designs === null) return [study];
  return [study, { kind: "points", title: `Designs of ${trials.name}`, document: designs }];
}

/** Keeps the pictures of a study. */
export function keepStudyViews(kept: RunFolder, trials: NamedTrials): void {
  for (const picture of studyPictures(trials)) {
    if (picture.kind === "study") kept.view(picture.kind, picture.title, picture.document);
    else kept.view(picture.kind, picture.title, picture.document);
  }
}

/** The feasible trials by their objectives; null unless there are several of these. */
function designsOf({ objectives, trials }: NamedTrials): PointsView | null {
  if (objectives.length < 2) return null;
  return {
    axes: objectives.map((name) => ({ name, unit: "", goal: "minimize" })),
    points: trials
      .filter(({ outcome }) => outcome?.ok)
      .map((trial) => ({ label: configText(trial), values: objectives.map((_, at) => measuredAt(trial, at)) })),
  };
}

function configText({ config }: Trial): string {
  return Object.entries(config)
    .map(([name, value]) => `${name} ${valueToText(value)}`)
    .join(", ");
}

function measuredAt({ outcome }: Trial, objective: number): number | null {
  if (!outcome?.ok) return null;
  return outcome.objectives?.[objective] ?? outcome.value;
}

interface ShownColumn {
  readonly shown: StudyParameter;
  readonly column: readonly number[];
}

function columnOf(parameter: Parameter, told: readonly Trial[]): ShownColumn {
  const { name, kind } = parameter;
  if (kind === "real" || kind === "integer") {
    const { minimum: least, maximum: most, transform } = parameter;
    const log = transform === "log" ? { log: true } : {};
    return {
      shown: { name, kind: "number", least, most, ...log },
      column: told.map(({ config }) => Number(config[name])),
    };
  }
  const texts = told.map(({ config }) => valueToText(config[name]!));
  // Of a permutation there are too many to name: those that were evaluated.
  const values = kind === "permutation" ? [...new Set(texts)].sort() : parameter.values.map(valueToText);
  const places = new Map(values.map((text, at) => [text, at]));
  return { shown: { name, kind: "choice", values }, column: texts.map((text) => places.get(text)!) };
}
