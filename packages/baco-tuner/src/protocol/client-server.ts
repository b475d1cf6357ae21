/**
 * The client-server protocol of BaCO and HyperMapper, as text: what the tuner writes, and what a client's answer says.
 *
 * The tuner writes `Request N`, a header of parameter names and N rows; the client answers with a header and N rows, in
 * any order, with the objectives and, if feasibility is modelled, its column. Permutations are `(0, 1, 2)`.
 */
import { splitCells } from "../history/csv.ts";
import type { Settings } from "../scenario/settings.ts";
import { valueFromText, valueToText } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import type { Outcome, Trial } from "../study/trial.ts";

/** What the last line says: both programs end with the same words. */
export const endOfStudy = "End of HyperMapper";

/** What the columns are called. */
export interface ProtocolLayout {
  readonly space: Space;
  readonly objectives: readonly string[];
  readonly settings: Settings;
}

/** The request for some trials; ends with a line break. */
export function writeRequest(trials: readonly Trial[], space: Space): string {
  const names = space.parameters.map(({ name }) => name);
  const rows = trials.map(({ config }) => names.map((name) => valueToText(config[name]!)).join(","));
  return [`Request ${trials.length}`, names.join(","), ...rows, ""].join("\n");
}

/** What an answer says of each trial, and what is wrong with it. */
export interface Reply {
  /** Parallel to the trials; `protocol` failures where the answer does not say. */
  readonly outcomes: readonly Outcome[];
  /** Each names the line of the answer, from 1, and the column. */
  readonly complaints: readonly string[];
}

/** Reads an answer: a header line and one line for each trial. */
export function readReply(lines: readonly string[], trials: readonly Trial[], layout: ProtocolLayout): Reply {
  const { space, objectives, settings } = layout;
  const complaints: string[] = [];
  const header = splitCells(lines[0] ?? "");
  const feasibility = settings.predictFeasibility === true ? [settings.feasibilityName] : [];
  const wanted = [...space.parameters.map(({ name }) => name), ...objectives, ...feasibility];
  const missing = wanted.filter((name) => !header.includes(name));
  const found = new Map<string, Outcome>();
  if (missing.length > 0) {
    complaints.push(`line 1: there is no column ${missing.join(", ")}; columns: ${header.join(", ")}`);
  } else {
    for (const [index, line] of lines.slice(1).entries()) {
      const row = readRow(splitCells(line), header, { layout, place: `line ${index + 2}`, complaints });
      if (row !== undefined) found.set(row.key, row.outcome);
    }
  }
  const outcomes = trials.map((trial): Outcome => {
    const point = space.locate(trial.config);
    const outcome = point instanceof Float64Array ? found.get(point.join()) : undefined;
    if (outcome === undefined && missing.length === 0) complaints.push(`the answer has no row for trial ${trial.id}`);
    return outcome ?? { ok: false, kind: "protocol", detail: complaints[0] ?? "no answer" };
  });
  return { outcomes, complaints };
}

interface RowPlace {
  readonly layout: ProtocolLayout;
  readonly place: string;
  readonly complaints: string[];
}

function readRow(
  cells: readonly string[],
  header: readonly string[],
  { layout: { space, objectives, settings }, place, complaints }: RowPlace,
): { readonly key: string; readonly outcome: Outcome } | undefined {
  const cell = (name: string) => cells[header.indexOf(name)] ?? "";
  const entries: [string, ReturnType<typeof valueFromText>][] = space.parameters.map((parameter) => [
    parameter.name,
    valueFromText(parameter, cell(parameter.name)),
  ]);
  const wrong = entries.find(([, value]) => value === undefined)?.[0];
  if (wrong !== undefined) {
    complaints.push(`${place}, column ${wrong}: ${JSON.stringify(cell(wrong))} is no value of the parameter`);
    return undefined;
  }
  const point = space.locate(Object.fromEntries(entries) as Trial["config"]);
  if (!(point instanceof Float64Array)) {
    complaints.push(`${place}: ${point.message}`);
    return undefined;
  }
  const key = point.join();
  if (settings.predictFeasibility === true && !saysTrue(cell(settings.feasibilityName), settings)) {
    return { key, outcome: { ok: false, kind: "infeasible" } };
  }
  const values = objectives.map((name) => {
    const text = cell(name);
    const value = /^[-+]?(?:nan|inf|infinity)$/i.test(text) ? Number.NaN : Number(text || "?");
    if (Number.isNaN(value)) complaints.push(`${place}, column ${name}: ${JSON.stringify(text)} is no finite number`);
    return value;
  });
  if (values.some((value) => !Number.isFinite(value))) {
    return { key, outcome: { ok: false, kind: "not-a-number", detail: values.join(", ") } };
  }
  return {
    key,
    outcome: { ok: true, value: values[0]!, ...(values.length > 1 && { objectives: values }) },
  };
}

function saysTrue(text: string, { feasibleText, infeasibleText }: Settings): boolean {
  if (text === feasibleText) return true;
  if (text === infeasibleText) return false;
  return /^(?:true|1)$/i.test(text);
}
