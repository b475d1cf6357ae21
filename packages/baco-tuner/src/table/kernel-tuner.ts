/**
 * Measurements of Kernel Tuner and of tuners that share its formats: cache files, and T4 results, with a T1 space or
 * without one. Sources: the files that AutoTuningAssociation/benchmark_hub publishes.
 *
 * Where no constraints are known, the valid configurations are those that the file lists.
 */
import { TunerError } from "../errors.ts";
import type { Scenario } from "../scenario/read-scenario.ts";
import { defaultSettings } from "../scenario/settings.ts";
import { createListedSpace } from "../space/listed-space.ts";
import { type Config, coordinateOf, type Parameter, type Value } from "../space/parameter.ts";
import type { Point } from "../space/trees/tree.ts";
import type { MeasurementTable } from "./recorded-space.ts";

interface Row {
  readonly config: Readonly<Record<string, Value>>;
  /** NaN where the configuration failed. */
  readonly value: number;
}

/** What Kernel Tuner writes as the time of a configuration that failed. */
const failedTime = 1e20;

/** Reads a cache file of Kernel Tuner, one whose run was cut off included. @throws {TunerError} `table` */
export function readKernelTunerCache(text: string): MeasurementTable {
  const file = parsed(text, true);
  const keys = namesIn(file.tune_params_keys);
  const values = file.tune_params;
  const cache = file.cache;
  if (keys === undefined || !isRecord(values) || !isRecord(cache)) {
    throw new TunerError("table", "a cache of Kernel Tuner has tune_params_keys, tune_params and cache");
  }
  const objective = typeof file.objective === "string" ? file.objective : "time";
  const rows = Object.values(cache)
    .filter(isRecord)
    .map((line): Row => {
      return { config: picked(line, keys), value: numberOf(line[objective]) };
    });
  const parameters = keys.map((name) => parameterOf(name, Array.isArray(values[name]) ? values[name] : []));
  const name = [file.kernel_name, file.device_name].filter((part) => typeof part === "string").join(" on ");
  return tableOf({ name, objective, parameters, rows });
}

/** Reads T4 results; `space` is what a T1 file says, if there is one. @throws {TunerError} `table` */
export function readT4(text: string, space?: Scenario): MeasurementTable {
  const file = parsed(text, false);
  if (!Array.isArray(file.results)) throw new TunerError("table", "a T4 file has a list of results");
  const lines = file.results.filter(isRecord);
  const objective = namesIn(lines.find(({ objectives }) => Array.isArray(objectives))?.objectives)?.[0] ?? "time";
  const rows = lines.map((line): Row => {
    const measurements = Array.isArray(line.measurements) ? line.measurements.filter(isRecord) : [];
    const found = measurements.find(({ name }) => name === objective);
    const correct = line.invalidity === undefined || line.invalidity === "correct";
    const config = isRecord(line.configuration) ? line.configuration : {};
    return { config: picked(config, Object.keys(config)), value: correct ? numberOf(found?.value) : Number.NaN };
  });
  const names = Object.keys(rows[0]?.config ?? {});
  const parameters = names.map((name) =>
    parameterOf(
      name,
      rows.map(({ config }) => config[name]),
    ),
  );
  return tableOf({ name: "T4 results", objective, parameters, rows, ...(space && { scenario: space }) });
}

interface TableParts {
  readonly name: string;
  readonly objective: string;
  readonly parameters: readonly Parameter[];
  readonly rows: readonly Row[];
  readonly scenario?: Scenario;
}

function tableOf({ name, objective, parameters, rows, scenario }: TableParts): MeasurementTable {
  const names = parameters.map((parameter) => parameter.name);
  const located = (config: Config): Point | undefined => {
    const point = parameters.map((parameter) => coordinateOf(parameter, config[parameter.name]) ?? -1);
    return point.includes(-1) ? undefined : Float64Array.from(point);
  };
  const listed = rows.flatMap((row) => {
    const point = located(row.config);
    return point === undefined ? [] : [{ ...row, point }];
  });
  if (listed.length === 0)
    throw new TunerError("table", `${name}: there is no configuration with all of ${names.join(", ")}`);
  const rowOf = new Map(listed.map(({ point }, row) => [point.join(), row]));
  const values = Float64Array.from(listed, ({ value }) => value);
  const best = listed.reduce((least, row) => (row.value < least.value || Number.isNaN(least.value) ? row : least));
  return {
    name,
    values,
    best: { value: best.value, config: best.config },
    scenario: scenario ?? {
      space: createListedSpace(
        parameters,
        listed.map(({ point }) => point),
      ),
      objectives: [objective],
      settings: { ...defaultSettings, designSamples: parameters.length + 1, applicationName: name },
    },
    rowFor: (config) => rowOf.get(located(config)?.join() ?? "") ?? -1,
    configAt: (row) => listed[row]!.config,
  };
}

/** A parameter with the values found: numbers are ordered, anything else makes categories. */
export function parameterOf(name: string, found: readonly unknown[]): Parameter {
  const values = [...new Set(found.map(plainOf).filter((value) => value !== undefined))];
  if (!values.every((value) => typeof value === "number"))
    return { kind: "categorical", name, values: values.map(String) };
  const sorted = values.sort((a, b) => a - b);
  // Sizes that span almost a decade are compared by their ratio.
  const log = sorted.length > 1 && sorted[0]! > 0 && sorted.at(-1)! / sorted[0]! >= 8;
  return { kind: "ordinal", name, values: sorted, ...(log && { transform: "log" as const }) };
}

function plainOf(found: unknown): number | string | undefined {
  if (typeof found === "number" || typeof found === "string") return found;
  return typeof found === "boolean" ? Number(found) : undefined;
}

function picked(line: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, Value> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = plainOf(line[key]);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function numberOf(found: unknown): number {
  return typeof found === "number" && Number.isFinite(found) && found < failedTime ? found : Number.NaN;
}

function namesIn(found: unknown): string[] | undefined {
  return Array.isArray(found) && found.every((each) => typeof each === "string") ? found : undefined;
}

function isRecord(found: unknown): found is Record<string, unknown> {
  return typeof found === "object" && found !== null && !Array.isArray(found);
}

/** JSON of an object; a cache lacks its last two braces until its run is over. */
function parsed(text: string, open: boolean): Record<string, unknown> {
  let cause: unknown;
  for (const candidate of open ? [text, `${text.trimEnd().replace(/,$/, "")}}}`] : [text]) {
    try {
      const found: unknown = JSON.parse(candidate);
      if (isRecord(found)) return found;
    } catch (error) {
      cause ??= error;
    }
  }
  throw new TunerError(
    "table",
    `the file is no JSON object: ${(cause as Error | undefined)?.message ?? "expected {"}`,
    { cause },
  );
}
