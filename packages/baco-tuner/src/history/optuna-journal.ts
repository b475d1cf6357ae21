/**
 * Studies as journals of Optuna (JSON lines), for its dashboard.
 *
 * Permutations and text categories become categorical distributions of their texts; failures are failed trials with
 * their kind as a user attribute.
 */
import { type Parameter, valueAt, valueCount, valueToText } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import type { Trial } from "../study/trial.ts";

const createStudy = 0;
const createTrial = 4;
const setParameter = 5;
const setStateAndValues = 6;
const setTrialUserAttribute = 8;
const states = { running: 0, complete: 1, failed: 3 };
/** More choices than this are no help in a dashboard: such a permutation is shown by its rank. */
const mostChoices = 5040;

interface Distribution {
  readonly text: string;
  /** The value of a parameter as the journal has it. */
  readonly internal: (coordinate: number) => number;
}

function distributionOf(parameter: Parameter): Distribution {
  const named = (name: string, attributes: object, internal: Distribution["internal"]): Distribution => ({
    text: JSON.stringify({ name, attributes }),
    internal,
  });
  if (parameter.kind === "real" || parameter.kind === "integer") {
    const log = parameter.transform === "log";
    const range = { log, low: parameter.minimum, high: parameter.maximum };
    if (parameter.kind === "real")
      return named("FloatDistribution", { step: null, ...range }, (coordinate) => coordinate);
    return named("IntDistribution", { step: 1, ...range }, (coordinate) => parameter.minimum + coordinate);
  }
  const count = valueCount(parameter);
  if (count > mostChoices)
    return named("IntDistribution", { step: 1, log: false, low: 0, high: count - 1 }, (coordinate) => coordinate);
  const choices = Array.from({ length: count }, (_, coordinate) => {
    const value = valueAt(parameter, coordinate);
    return typeof value === "object" ? valueToText(value) : value;
  });
  return named("CategoricalDistribution", { choices }, (coordinate) => coordinate);
}

/** A journal of one study: `name` is what to call it, `times[i]` when trial i was asked (ISO 8601). */
export function writeOptunaJournal(
  trials: readonly Trial[],
  space: Space,
  { name, times }: OptunaJournalOptions,
): string {
  const lines: object[] = [];
  const write = (op_code: number, fields: object) => lines.push({ op_code, worker_id: "millrace", ...fields });
  write(createStudy, { study_name: name, directions: [1] });
  const distributions = space.parameters.map(distributionOf);
  for (const { id, config, outcome } of trials) {
    const time = times[id] ?? times.at(-1) ?? "1970-01-01T00:00:00.000000";
    write(createTrial, { study_id: 0, datetime_start: time });
    const point = space.locate(config);
    if (!(point instanceof Float64Array)) continue;
    space.parameters.forEach((parameter, p) => {
      const { text, internal } = distributions[p]!;
      write(setParameter, {
        trial_id: id,
        param_name: parameter.name,
        param_value_internal: internal(point[p]!),
        distribution: text,
      });
    });
    if (outcome === undefined) continue;
    if (!outcome.ok) write(setTrialUserAttribute, { trial_id: id, user_attr: { failure: outcome.kind } });
    const state = outcome.ok ? states.complete : states.failed;
    write(setStateAndValues, {
      trial_id: id,
      state,
      values: outcome.ok ? [outcome.value] : null,
      datetime_complete: time,
    });
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** How a journal is labelled. */
export interface OptunaJournalOptions {
  readonly name: string;
  /** When each trial was asked, without time zone; the last one stands for those after it. */
  readonly times: readonly string[];
}
