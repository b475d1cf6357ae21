import type { Parameter, Prior } from "../space/parameter.ts";
import type { Scenario } from "./read-scenario.ts";
import { settingFields } from "./settings.ts";

/** A scenario as a file that reads back as the same scenario; settings that are as if absent are left out. */
export function writeScenario(scenario: Scenario): string {
  const root: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(settingFields)) {
    const value = scenario.settings[key as keyof typeof settingFields];
    if (JSON.stringify(value) === JSON.stringify(field.absent) && key !== "applicationName") continue;
    const write = field.write as (value: unknown) => unknown;
    const [outer, inner] = field.name.split(".") as [string, string | undefined];
    if (inner === undefined) root[outer] = write(value);
    else root[outer] = { ...(root[outer] as object | undefined), [inner]: write(value) };
  }
  root.optimization_objectives = scenario.objectives;
  root.input_parameters = Object.fromEntries(scenario.space.parameters.map((each) => [each.name, written(each)]));
  return `${JSON.stringify(root, null, 2)}\n`;
}

function written(parameter: Parameter): object {
  const { kind, transform, constraints, dependencies, prior } = parameter;
  return {
    parameter_type: kind,
    values: values(parameter),
    ...(kind === "permutation" && { parametrization: parameter.metric ?? "spearman" }),
    ...(transform === "log" && { transform }),
    ...(parameter.default !== undefined && { parameter_default: parameter.default }),
    ...(constraints && { constraints }),
    ...(dependencies && { dependencies }),
    ...(prior && writtenPrior(prior)),
  };
}

function values(parameter: Parameter): readonly (number | string)[] {
  if (parameter.kind === "permutation") return [parameter.size];
  return parameter.kind === "real" || parameter.kind === "integer"
    ? [parameter.minimum, parameter.maximum]
    : parameter.values;
}

function writtenPrior(prior: Prior): object {
  if (prior.kind === "uniform") return { prior: "uniform" };
  if (prior.kind === "weights") return { prior: prior.weights };
  if (prior.kind === "normal") return { prior: "gaussian", prior_parameters: [prior.mean, prior.deviation] };
  if (prior.alpha === 3) return { prior: "gaussian" };
  return { prior: prior.alpha === 0.8 ? "decay" : "exponential" };
}
