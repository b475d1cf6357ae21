/**
 * The five kinds of parameters.
 *
 * A value has three forms here: as users write it (`Value`), as a coordinate of a point (the index among the
 * values of the parameter; for a real the number itself), and as text (CSV, protocol).
 */
import { factorial, rankPermutation, unrankPermutation } from "./permutation.ts";

/** A value as users and constraints see it: a number, a category, or a permutation (elements in order). */
export type Value = number | string | readonly number[];

/** One value per parameter, by name. */
export type Config = Readonly<Record<string, Value>>;

/** Weights of values before anything was measured: uniform, one weight per value, or a shape over the range. */
export type Prior =
  | { readonly kind: "uniform" }
  | { readonly kind: "weights"; readonly weights: readonly number[] }
  | { readonly kind: "beta"; readonly alpha: number; readonly beta: number }
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number };

/** What all kinds have. */
export interface ParameterOptions {
  /** `log`: distances are those of log10 of the value; needs values above 0. */
  readonly transform?: "none" | "log";
  readonly default?: Value;
  /** Expressions over this and other parameters that must all hold. */
  readonly constraints?: readonly string[];
  /** Parameters that must be decided before this one; those in the constraints are added. */
  readonly dependencies?: readonly string[];
  readonly prior?: Prior;
}

/** How differences of permutations are measured; see `permutationFeatures`. */
export type PermutationMetric = "spearman" | "kendall" | "kendall-position" | "hamming" | "naive";

/** A parameter of a space: its name, its kind and its values. */
export type Parameter = ParameterOptions & { readonly name: string } & (
    | { readonly kind: "real"; readonly minimum: number; readonly maximum: number }
    | { readonly kind: "integer"; readonly minimum: number; readonly maximum: number }
    | { readonly kind: "ordinal"; readonly values: readonly number[] }
    | { readonly kind: "categorical"; readonly values: readonly (string | number)[] }
    | { readonly kind: "permutation"; readonly size: number; readonly metric?: PermutationMetric }
  );

/** How many values the parameter has; `Infinity` for a real. */
export function valueCount(parameter: Parameter): number {
  switch (parameter.kind) {
    case "real":
      return Number.POSITIVE_INFINITY;
    case "integer":
      return parameter.maximum - parameter.minimum + 1;
    case "permutation":
      return factorial(parameter.size);
    default:
      return parameter.values.length;
  }
}

/** The value at a coordinate. */
export function valueAt(parameter: Parameter, coordinate: number): Value {
  switch (parameter.kind) {
    case "real":
      return coordinate;
    case "integer":
      return parameter.minimum + coordinate;
    case "permutation": {
      const order = new Array<number>(parameter.size).fill(0);
      unrankPermutation(coordinate, order);
      return order;
    }
    default:
      return parameter.values[coordinate]!;
  }
}

/** The value at a coordinate of a real, integer, ordinal or numeric category; NaN where it is no number. */
export function numberAt(parameter: Parameter, coordinate: number): number {
  if (parameter.kind === "real") return coordinate;
  if (parameter.kind === "integer") return parameter.minimum + coordinate;
  if (parameter.kind === "permutation") return Number.NaN;
  const value = parameter.values[coordinate];
  return typeof value === "number" ? value : Number.NaN;
}

/** The coordinate of a value; `undefined` if the parameter does not have it. */
export function coordinateOf(parameter: Parameter, value: unknown): number | undefined {
  if (parameter.kind === "permutation") {
    if (!Array.isArray(value) || value.length !== parameter.size) return undefined;
    return rankPermutation(value as number[]);
  }
  if (parameter.kind === "categorical") {
    const at = parameter.values.indexOf(value as string | number);
    return at < 0 ? undefined : at;
  }
  if (typeof value !== "number") return undefined;
  if (parameter.kind === "ordinal") return sortedIndex(parameter.values, value);
  if (!(value >= parameter.minimum && value <= parameter.maximum)) return undefined;
  if (parameter.kind === "real") return value;
  return Number.isInteger(value) ? value - parameter.minimum : undefined;
}

function sortedIndex(values: readonly number[], value: number): number | undefined {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return values[low] === value ? low : undefined;
}

/** A value as text: permutations as `(0, 1, 2)`. */
export function valueToText(value: Value): string {
  return typeof value === "object" ? `(${value.join(", ")})` : String(value);
}

/** The value that a text names, or `undefined` if the parameter has no such value. */
export function valueFromText(parameter: Parameter, text: string): Value | undefined {
  const trimmed = text.trim();
  if (parameter.kind === "permutation") {
    const inner = /^[([](.*)[)\]]$/s.exec(trimmed)?.[1];
    const order = inner?.split(",").map((element) => (element.trim() === "" ? Number.NaN : Number(element)));
    return order !== undefined && coordinateOf(parameter, order) !== undefined ? order : undefined;
  }
  if (parameter.kind === "categorical") return parameter.values.find((value) => String(value) === trimmed);
  const value = trimmed === "" ? Number.NaN : Number(trimmed);
  return coordinateOf(parameter, value) === undefined ? undefined : value;
}
