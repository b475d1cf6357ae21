/** Two studies side by side. */
import type { StudyView } from "../view/study.ts";
import { bestSoFar, qualityOf, valuesOf } from "./quality.ts";

/** One study in a comparison. */
export interface ComparedStudy {
  readonly name: string;
  readonly evaluations: number;
  readonly feasible: number;
  /** Best value of the first objective so far, by evaluation; NaN before there is one. */
  readonly best: Float64Array;
  /** The best evaluation's parameters as text, by name. */
  readonly config: Readonly<Record<string, string>>;
}

/** A value that one study reached, and after how many evaluations each was there. */
export interface Reached {
  readonly value: number;
  /** Evaluations until each study was at least this good; undefined if it never was. */
  readonly after: readonly (number | undefined)[];
}

/** What is compared of a study. */
export function comparedStudy(study: StudyView): ComparedStudy {
  const values = valuesOf(study, 0);
  const { best } = qualityOf(study, 0);
  const config =
    best === undefined ? [] : study.parameters.map(({ name }, p) => [name, valueText(study, p, best)] as const);
  return {
    name: study.name,
    evaluations: values.length,
    feasible: values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0),
    best: bestSoFar(values, study.objectives[0]!.goal),
    config: Object.fromEntries(config),
  };
}

/** When each study was as good as the worse of their last values, and as the better of them. */
export function reachedBy(studies: readonly ComparedStudy[], goal: "minimize" | "maximize"): Reached[] {
  const ends = studies.flatMap(({ best }) => (Number.isNaN(best.at(-1) ?? Number.NaN) ? [] : [best.at(-1)!]));
  const isAsGood = (found: number, wanted: number): boolean =>
    goal === "minimize" ? found <= wanted : found >= wanted;
  return [...new Set(ends)]
    .sort((a, b) => (goal === "minimize" ? b - a : a - b))
    .map((value) => ({
      value,
      after: studies.map(({ best }) => {
        const at = best.findIndex((found) => isAsGood(found, value));
        return at < 0 ? undefined : at + 1;
      }),
    }));
}

/** The value of parameter `p` in an evaluation, as text. */
export function valueText({ parameters, evaluations }: StudyView, p: number, evaluation: number): string {
  const parameter = parameters[p]!;
  const value = evaluations.config[p]![evaluation]!;
  return parameter.kind === "choice" ? parameter.values[value]! : String(Number(value.toPrecision(6)));
}
