/**
 * Spaces in the T1 format of the autotuning community: parameters with their values, and conditions in Python syntax.
 *
 * A condition belongs to the last of its parameters; parameters keep the order of the file.
 */
import { TunerError } from "../errors.ts";
import type { Fault } from "../fault.ts";
import { checkSpace } from "../space/create-space.ts";
import type { Parameter } from "../space/parameter.ts";
import { parameterOf } from "../table/kernel-tuner.ts";
import type { Scenario } from "./read-scenario.ts";
import { defaultSettings } from "./settings.ts";

/** What reading found: faults, and the scenario unless one of them is an error. */
export interface T1Check {
  readonly scenario: Scenario | undefined;
  readonly faults: readonly Fault[];
}

interface T1File {
  readonly General?: { readonly BenchmarkName?: unknown };
  readonly ConfigurationSpace?: { readonly TuningParameters?: unknown; readonly Conditions?: unknown };
}

/** Whether a JSON text is a T1 file rather than a scenario. */
export function isT1(text: string): boolean {
  return /"ConfigurationSpace"\s*:/.test(text) && !/"input_parameters"\s*:/.test(text);
}

/** Reads a T1 file. @throws {TunerError} `scenario` if it is no JSON or has no parameters */
export function checkT1(text: string): T1Check {
  let file: T1File;
  try {
    file = JSON.parse(text) as T1File;
  } catch (cause) {
    throw new TunerError("scenario", `a T1 file is JSON, and this text is not: ${(cause as Error).message}`, { cause });
  }
  const { TuningParameters: declared, Conditions: conditions = [] } = file.ConfigurationSpace ?? {};
  if (!Array.isArray(declared) || declared.length === 0 || !Array.isArray(conditions)) {
    throw new TunerError("scenario", "a T1 file has ConfigurationSpace.TuningParameters, a list that is not empty");
  }
  const parameters = declared.map((each, index) => t1Parameter(each, index));
  const names = parameters.map(({ name }) => name);
  const owned = new Map<string, string[]>();
  for (const condition of conditions as { readonly Expression?: unknown }[]) {
    const expression = typeof condition === "string" ? condition : condition.Expression;
    if (typeof expression !== "string") throw new TunerError("scenario", "a condition of a T1 file has an Expression");
    const read = names.filter((name) => new RegExp(`\\b${name}\\b`).test(expression));
    const owner = read.at(-1) ?? names.at(-1)!;
    owned.set(owner, [...(owned.get(owner) ?? []), expression]);
  }
  const constrained = parameters.map((parameter) => {
    const constraints = owned.get(parameter.name);
    return constraints === undefined ? parameter : { ...parameter, constraints };
  });
  const { space, faults } = checkSpace(constrained);
  // Python's words are what this format is written in; nothing to warn of.
  const told = faults.filter(({ severity }) => severity === "error");
  if (space === undefined) return { scenario: undefined, faults: told };
  const name = file.General?.BenchmarkName;
  const settings = {
    ...defaultSettings,
    designSamples: parameters.length + 1,
    ...(typeof name === "string" && { applicationName: name }),
  };
  return { scenario: { space, objectives: ["time"], settings }, faults: told };
}

function t1Parameter(found: unknown, index: number): Parameter {
  const { Name: name, Values: values } = (found ?? {}) as { readonly Name?: unknown; readonly Values?: unknown };
  if (typeof name !== "string") throw new TunerError("scenario", `TuningParameters[${index}] has no Name`);
  let list: unknown = values;
  if (typeof values === "string") {
    // Lists are given as texts in Python's notation.
    const json = values
      .replaceAll("'", '"')
      .replaceAll(/\bTrue\b/g, "true")
      .replaceAll(/\bFalse\b/g, "false");
    try {
      list = JSON.parse(json.replace(/^\s*\((.*)\)\s*$/s, "[$1]").replace(/,\s*\]$/, "]"));
    } catch (cause) {
      throw new TunerError("scenario", `${name}: ${JSON.stringify(values)} is no list of values`, { cause });
    }
  }
  if (!Array.isArray(list) || list.length === 0) {
    throw new TunerError("scenario", `${name}: Values must be a list that is not empty, not ${JSON.stringify(values)}`);
  }
  return parameterOf(name, list);
}
