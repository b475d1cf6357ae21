/**
 * Evaluations as the CSV files of BaCO: a column per parameter, objective, perhaps feasibility, and time; cells with
 * commas (permutations) are quoted.
 */
import { TunerError } from "../errors.ts";
import type { Settings } from "../scenario/settings.ts";
import { type Config, valueFromText, valueToText } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import type { Outcome, Trial } from "../study/trial.ts";

/** What the columns of a file are called, and which there are. */
export interface CsvLayout {
  readonly space: Space;
  readonly objective: string;
  /** Further objectives, which are written and not read. */
  readonly others?: readonly string[];
  readonly settings: Settings;
}

/** One row of a file. */
export interface CsvRow {
  readonly config: Config;
  readonly outcome: Outcome;
}

/** Writes the told trials; `timestamps[i]` is the time column of trial i, its number if left out. */
export function writeCsv(trials: readonly Trial[], layout: CsvLayout, timestamps: readonly number[] = []): string {
  const { space, objective, others = [], settings } = layout;
  const names = [...space.parameters.map(({ name }) => name), objective, ...others];
  if (settings.predictFeasibility === true) names.push(settings.feasibilityName);
  const lines = [[...names, settings.timestampName]];
  for (const { id, config, outcome } of trials) {
    if (outcome === undefined) continue;
    const cells = space.parameters.map(({ name }) => valueToText(config[name]!));
    for (let at = 0; at <= others.length; at++) {
      cells.push(outcome.ok ? String(outcome.objectives?.[at] ?? outcome.value) : "inf");
    }
    if (settings.predictFeasibility === true) cells.push(outcome.ok ? settings.feasibleText : settings.infeasibleText);
    lines.push([...cells, String(timestamps[id] ?? id)]);
  }
  return lines.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * Reads a file, columns in any order. A row is a failure where feasibility says so, or its value is not finite.
 *
 * @throws {TunerError} `csv` with line and column name for a missing column, a wrong cell or an invalid configuration.
 */
export function readCsv(text: string, layout: CsvLayout): CsvRow[] {
  const [header = [], ...rows] = splitRows(text);
  const column = (name: string): number => {
    const at = header.indexOf(name);
    if (at < 0)
      throw new TunerError("csv", `line 1: there is no column ${JSON.stringify(name)}; columns: ${header.join(", ")}`);
    return at;
  };
  const { space, objective, settings } = layout;
  const parameters = space.parameters.map((parameter) => ({ parameter, at: column(parameter.name) }));
  const value = column(objective);
  const feasible = settings.predictFeasibility === true ? column(settings.feasibilityName) : -1;
  return rows.map((cells, index) => {
    const line = index + 2;
    if (cells.length !== header.length)
      throw new TunerError("csv", `line ${line}: ${cells.length} cells under ${header.length} columns`);
    const entries = parameters.map(({ parameter, at }) => {
      const found = valueFromText(parameter, cells[at]!);
      if (found !== undefined) return [parameter.name, found] as const;
      throw new TunerError(
        "csv",
        `line ${line}, column ${parameter.name}: ${JSON.stringify(cells[at])} is no value of the parameter`,
      );
    });
    const config = Object.fromEntries(entries);
    const place = space.locate(config);
    if ("message" in place) throw new TunerError("csv", `line ${line}: ${place.message}`);
    return {
      config,
      outcome: outcomeOf(cells[value]!, feasible < 0 || cells[feasible] === settings.feasibleText, { line, objective }),
    };
  });
}

function outcomeOf(
  cell: string,
  feasible: boolean,
  place: { readonly line: number; readonly objective: string },
): Outcome {
  if (!feasible) return { ok: false, kind: "infeasible" };
  const value = /^[-+]?(?:inf|infinity|nan)$/i.test(cell) ? Number.NaN : Number(cell);
  if (Number.isFinite(value) && cell !== "") return { ok: true, value };
  if (cell !== "" && /^[-+]?(?:inf|infinity|nan)$/i.test(cell))
    return { ok: false, kind: "not-a-number", detail: cell };
  throw new TunerError("csv", `line ${place.line}, column ${place.objective}: ${JSON.stringify(cell)} is no number`);
}

/** Rows of trimmed cells; empty lines are passed over. */
function splitRows(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map(splitCells);
}

/** The trimmed cells of a line; commas inside quotes, parentheses or brackets do not part cells. */
export function splitCells(line: string): string[] {
  return [...line.matchAll(/\s*(?:"((?:[^"]|"")*)"|(\([^)]*\)|\[[^\]]*\]|[^,]*))\s*(?:,|$)/g)]
    .slice(0, line.endsWith(",") ? undefined : -1)
    .map(([, inQuotes, plain]) => (inQuotes?.replaceAll('""', '"') ?? plain ?? "").trim());
}
