/** How one field of a scenario file is read: what it may be, and what is said of what it may not be. */
import type { FaultCode } from "../fault.ts";
import { type JsonNode, plainValue } from "./json.ts";
import type { HyperPrior, Settings } from "./settings.ts";

/** A value that a field may not have. */
export interface FieldFault {
  readonly code: FaultCode;
  readonly message: string;
  readonly help?: string;
}

/** Reads a field's value. */
export type Read<T> = (node: JsonNode) => { readonly value: T; readonly warning?: string } | FieldFault;
/** A field and the setting that it is. */
export interface Field<T> {
  /** The published name; a dot leads into an object. */
  readonly name: string;
  readonly read: Read<T>;
  readonly write: (value: T) => unknown;
  readonly absent: T;
}

const fault = (message: string, help?: string): FieldFault => ({ code: "value", message, ...(help && { help }) });
const shown = (node: JsonNode) => JSON.stringify(plainValue(node)).slice(0, 60);

/** An integer between two bounds. */
export function integer(least: number, most = 1e9): Read<number> {
  return (node) => {
    if (node.kind === "number" && Number.isInteger(node.value) && node.value >= least && node.value <= most)
      return node;
    return fault(`expected an integer from ${least} to ${most}, not ${shown(node)}`);
  };
}

/** A number between two bounds. */
export function number(least: number, most: number): Read<number> {
  return (node) => {
    if (node.kind === "number" && node.value >= least && node.value <= most) return node;
    return fault(`expected a number from ${least} to ${most}, not ${shown(node)}`);
  };
}

/** One of several words. */
export function choice<T>(options: Readonly<Record<string, T>>): Read<T> {
  return (node) => {
    if (node.kind === "string" && Object.hasOwn(options, node.value)) return { value: options[node.value]! };
    return fault(`expected one of ${Object.keys(options).join(", ")}, not ${shown(node)}`);
  };
}

/** True or false. */
export const truth: Read<boolean> = (node) =>
  node.kind === "boolean" ? node : fault(`expected true or false, not ${shown(node)}`);
/** Any string. */
export const text: Read<string> = (node) =>
  node.kind === "string" ? node : fault(`expected a string, not ${shown(node)}`);
/** A string, or what can be written as one. */
export const textOrNumber: Read<string> = (node) =>
  node.kind === "number" || node.kind === "boolean" ? { value: String(node.value) } : text(node);

/** A density of a hyper-parameter. */
export const hyperPrior: Read<HyperPrior> = (node) => {
  const help = 'expected {"name": "gamma", "parameters": [shape, rate]}, lognormal, or none';
  const prior = plainValue(node) as { name?: unknown; parameters?: unknown } | null;
  if (typeof prior !== "object" || prior === null) return fault(`${shown(node)} is no prior`, help);
  if (prior.name === "none") return { value: { name: "none" } };
  const { name, parameters } = prior;
  if (name !== "gamma" && name !== "lognormal") return fault(`there is no prior ${JSON.stringify(name)}`, help);
  if (!Array.isArray(parameters) || parameters.length !== 2) return fault(`${name} needs two parameters`, help);
  const [first, second] = parameters as unknown[];
  const fits =
    typeof first === "number" && typeof second === "number" && second > 0 && (name === "lognormal" || first > 0);
  return fits ? { value: { name, parameters: [first, second] } } : fault(`${name} needs numbers above 0`, help);
};

/** How configurations are chosen; tuners that are not here are stood in for. */
export const method: Read<Settings["method"]> = (node) => {
  const known = choice<Settings["method"]>({
    bayesian_optimization: "model",
    random_sampling: "random",
    embedding_random_sampling: "biased",
    exhaustive: "exhaustive",
  })(node);
  if ("value" in known || node.kind !== "string") return known;
  const foreign =
    /^(?:embedding_random_sampling|opentuner|ytopt|local_search|best_first_local_search|evolutionary_optimization|random_scalarizations|prior_guided_optimization)(?:_\w+)?$/;
  if (!foreign.test(node.value)) return known;
  if (node.value === "random_scalarizations" || node.value === "prior_guided_optimization") {
    return { value: "model", warning: `${node.value} is not here; Bayesian optimisation stands in` };
  }
  const biased = node.value.startsWith("embedding") || node.value.startsWith("opentuner");
  return {
    value: biased ? "biased" : "random",
    warning: `the tuner ${node.value} is not here; ${biased ? "biased " : ""}random sampling stands in`,
  };
};

/** Published names that mean something else here, which is said. */
function standIn<T extends string>(known: readonly T[], others: readonly string[], instead: T): Read<T> {
  return (node) => {
    if (node.kind === "string" && others.includes(node.value))
      return { value: instead, warning: `${node.value} is not here; ${instead} stands in` };
    return choice(Object.fromEntries(known.map((name) => [name, name])) as Record<string, T>)(node);
  };
}

/** The acquisition function. */
export const acquisition: Read<Settings["acquisition"]> = standIn<Settings["acquisition"]>(
  ["EI", "EI_PIBO"],
  ["UCB", "TS", "EI_BOPRO"],
  "EI",
);
/** What becomes of several objectives. */
export const severalObjectives: Read<Settings["severalObjectives"]> = standIn<Settings["severalObjectives"]>(
  ["tchebyshev", "hypervolume"],
  ["linear", "modified_tchebyshev"],
  "tchebyshev",
);

/** Deviations above the mean; below 0: no ceiling. */
export const ceiling: Read<number | null> = (node) => {
  const found = number(-1, 1e9)(node);
  return "value" in found && found.value < 0 ? { value: null } : found;
};

const same = (value: unknown): unknown => value;
/** A field that is written as it is kept unless `write` says otherwise. */
export function field<T>(name: string, read: Read<T>, absent: T, write: (value: T) => unknown = same): Field<T> {
  return { name, read, absent, write };
}
/** Writes words under their published names. */
export function renamed<T extends string>(names: Readonly<Record<T, string>>): (value: T) => string {
  return (value) => names[value];
}
