/** A study of a tuner, or a sweep: configurations with what each came to. In columns, as there may be many. */
import * as v from "valibot";
import { checked, finite } from "../read/checked.ts";
import { counts, numbers, numbersOrNull } from "./numbers.ts";

/** Which way an objective is better. */
export type Goal = "minimize" | "maximize";

/** A parameter: a number between two ends, or a choice among values in their order. */
export type StudyParameter =
  | {
      readonly name: string;
      readonly kind: "number";
      readonly least: number;
      readonly most: number;
      /** Whether equal distances are equal ratios. */
      readonly log?: boolean;
    }
  | { readonly name: string; readonly kind: "choice"; readonly values: readonly string[] };

/** An objective of a study. */
export interface StudyObjective {
  readonly name: string;
  readonly goal: Goal;
}

/** How much of the variation of an objective each parameter explains, from 0 to 1. */
export interface StudyImportance {
  readonly objective: string;
  readonly shares: readonly { readonly parameter: string; readonly share: number }[];
}

/** The evaluations in the order in which they were asked; all columns are equally long. */
export interface StudyEvaluations {
  /** A column for each parameter: the number itself, or the index of the choice. */
  readonly config: readonly (readonly number[])[];
  /** A column for each objective; null where the evaluation has no value. */
  readonly values: readonly (readonly (number | null)[])[];
  /** How each evaluation ended: an index into `outcomes`. */
  readonly outcome: readonly number[];
}

/** A study. */
export interface StudyView {
  readonly name: string;
  readonly parameters: readonly StudyParameter[];
  /** At least one; the first is the one that histories show. */
  readonly objectives: readonly StudyObjective[];
  /** Ways to end; the first, `ok`, is the one that has values. Others are such as `infeasible`, `crash`, `timeout`. */
  readonly outcomes: readonly string[];
  readonly evaluations: StudyEvaluations;
  /** The best value of the first objective that there is, where that is known. */
  readonly optimum?: number;
  /** For each objective whose importances are known. */
  readonly importance?: readonly StudyImportance[];
}

const parameter = v.variant("kind", [
  v.object({
    name: v.string(),
    kind: v.literal("number"),
    least: finite,
    most: finite,
    log: v.exactOptional(v.boolean()),
  }),
  v.object({ name: v.string(), kind: v.literal("choice"), values: v.array(v.string()) }),
]);

const schema = v.pipe(
  v.object({
    name: v.string(),
    parameters: v.array(parameter),
    objectives: v.pipe(
      v.array(v.object({ name: v.string(), goal: v.picklist(["minimize", "maximize"]) })),
      v.minLength(1, "expected at least one objective"),
    ),
    outcomes: v.pipe(v.array(v.string()), v.minLength(1, "expected at least one way to end")),
    evaluations: v.object({
      config: v.array(numbers),
      values: v.array(numbersOrNull),
      outcome: counts,
    }),
    optimum: v.exactOptional(finite),
    importance: v.exactOptional(
      v.array(v.object({ objective: v.string(), shares: v.array(v.object({ parameter: v.string(), share: finite })) })),
    ),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const message = inconsistency(dataset.value);
    if (message !== undefined) addIssue({ message });
  }),
);

function inconsistency({ parameters, objectives, outcomes, evaluations }: StudyView): string | undefined {
  const { config, values, outcome } = evaluations;
  if (config.length !== parameters.length) return `${config.length} columns for ${parameters.length} parameters`;
  if (values.length !== objectives.length) return `${values.length} columns for ${objectives.length} objectives`;
  if ([...config, ...values].some(({ length }) => length !== outcome.length)) return "columns of different lengths";
  const [strange] = outcome.filter((at) => at >= outcomes.length);
  if (strange !== undefined) return `an evaluation ended in way ${strange} of ${outcomes.length}`;
  for (const [at, end] of outcome.entries())
    if (values.some((column) => (column[at] === null) === (end === 0)))
      return `evaluation ${at} must have values exactly if it ended as ${JSON.stringify(outcomes[0])}`;
  for (const [p, own] of parameters.entries()) {
    if (own.kind !== "choice") continue;
    const wrong = config[p]!.findIndex((at) => !Number.isInteger(at) || at < 0 || at >= own.values.length);
    if (wrong >= 0) return `evaluation ${wrong} takes no value of ${JSON.stringify(own.name)}`;
  }
  return undefined;
}

/**
 * A study from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readStudyView(document: unknown): StudyView {
  return checked(schema, document, "study");
}
