/**
 * What a program printed, as an outcome: a number, or a JSON object, on the last line that is not empty; or whatever
 * a pattern finds.
 */
import type { FailureKind, Outcome } from "../study/trial.ts";

/** What to look for in a text. */
export interface MeasurementLayout {
  /** Names of the objectives; a lone number is the value of the only one. */
  readonly objectives: readonly string[];
  /** The name of a member that says whether the configuration works, besides `feasible`, and its text where it does. */
  readonly feasibilityName?: string;
  readonly feasibleText?: string;
  /** Finds values in the whole text: its groups are the objectives in order, its last match counts. */
  readonly pattern?: RegExp;
}

const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const noNumber = /^[-+]?(?:nan|inf|infinity)$/i;

/** Reads an outcome; never throws: what cannot be understood is `garbage`, with a detail that says what was found. */
export function readMeasurement(text: string, layout: MeasurementLayout): Outcome {
  const { objectives, pattern } = layout;
  if (pattern !== undefined) {
    const match = [
      ...text.matchAll(new RegExp(pattern, pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`)),
    ].at(-1);
    if (match === undefined)
      return failure("garbage", `nothing matches ${pattern}; the end is ${shown(lastLine(text))}`);
    return outcomeOf(
      objectives.map((_, i) => numberOf(match[i + 1] ?? match[0])),
      objectives,
    );
  }
  const line = lastLine(text);
  if (line === "") return failure("garbage", "nothing was printed");
  if (line.startsWith("{")) return fromObject(line, layout);
  const values = line.split(/[\s,]+/).map(numberOf);
  if (values.length !== objectives.length || values.includes(undefined)) {
    const expected = objectives.length === 1 ? "a number" : `${objectives.length} numbers`;
    return failure("garbage", `expected ${expected} or a JSON object on the last line, not ${shown(line)}`);
  }
  return outcomeOf(values, objectives);
}

/** Takes a value that a function returned: a number, a list of numbers, or an object as on a last line. */
export function measurementFrom(returned: unknown, layout: MeasurementLayout): Outcome {
  if (typeof returned === "number") return outcomeOf([returned], layout.objectives);
  if (Array.isArray(returned)) return outcomeOf(returned.map(numberOf), layout.objectives);
  if (typeof returned === "object" && returned !== null)
    return fromMembers(returned as Record<string, unknown>, layout);
  return failure("garbage", `expected a number, a list of numbers or an object, not ${shown(String(returned))}`);
}

function fromObject(line: string, layout: MeasurementLayout): Outcome {
  let members: unknown;
  try {
    members = JSON.parse(line.replaceAll(/(?<=[:,[]\s*)(?:NaN|-?Infinity)(?=\s*[,}\]])/g, "null"));
  } catch {
    return failure("garbage", `the last line is no JSON object: ${shown(line)}`);
  }
  return fromMembers(members as Record<string, unknown>, layout);
}

function fromMembers(members: Readonly<Record<string, unknown>>, layout: MeasurementLayout): Outcome {
  const { objectives, feasibilityName = "Valid", feasibleText = "True" } = layout;
  for (const name of ["feasible", feasibilityName]) {
    const said = Object.hasOwn(members, name) ? members[name] : undefined;
    if (said === undefined || said === true || String(said) === feasibleText) continue;
    if (typeof said === "string" && said.toLowerCase() === "true") continue;
    return failure("infeasible", typeof members.detail === "string" ? members.detail.slice(0, 200) : undefined);
  }
  const values = objectives.map((name) => {
    if (Object.hasOwn(members, name)) return numberOf(members[name]);
    return objectives.length === 1 && Object.hasOwn(members, "value") ? numberOf(members.value) : undefined;
  });
  const missing = objectives.filter((_, i) => values[i] === undefined);
  if (missing.length > 0) {
    return failure("garbage", `there is no number ${missing.join(", ")} in ${shown(JSON.stringify(members))}`);
  }
  return outcomeOf(values, objectives);
}

function numberOf(cell: unknown): number | undefined {
  if (typeof cell === "number") return cell;
  if (cell === null) return Number.NaN;
  if (typeof cell !== "string") return undefined;
  const text = cell.trim();
  if (noNumber.test(text)) return Number.NaN;
  return number.test(text) ? Number(text) : undefined;
}

function outcomeOf(values: readonly (number | undefined)[], objectives: readonly string[]): Outcome {
  if (values.length !== objectives.length || values.includes(undefined)) {
    const expected = objectives.length === 1 ? "a number" : `${objectives.length} numbers`;
    return failure("garbage", `expected ${expected}, not ${shown(values.map((value) => value ?? "?").join(", "))}`);
  }
  const found = values as number[];
  const wrong = found.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) return failure("not-a-number", `${objectives[wrong]} is ${found[wrong]}`);
  return found.length === 1 ? { ok: true, value: found[0]! } : { ok: true, value: found[0]!, objectives: found };
}

function failure(kind: FailureKind, detail?: string): Outcome {
  return { ok: false, kind, ...(detail !== undefined && { detail }) };
}

function lastLine(text: string): string {
  return text
    .trimEnd()
    .split(/[\r\n]/)
    .at(-1)!
    .trim();
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
