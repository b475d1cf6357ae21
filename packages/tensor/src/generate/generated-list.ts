import { TensorError } from "../errors.ts";
import { sortCoordinates } from "../storage/coordinates/coordinate-list.ts";
import type { CoordinateList } from "../storage/tensor.ts";
import { RandomStream } from "./random/random-stream.ts";

/** What every generator takes. */
export interface GeneratorOptions {
  /** Any integer; equal options and seed give equal tensors, on every machine. */
  readonly seed: number;
  /**
   * Values of the entries, drawn apart from the coordinates: `unit` (unless given) uniform above 0 up to 1; `quarters`
   * multiples of 1/4 from -2 to 2 without 0, whose sums are exact in any order; `ones`.
   */
  readonly values?: "unit" | "quarters" | "ones";
}

/** Most entries a generator makes: 1 GiB for each coordinate array. */
export const maximumGeneratedEntries: number = 2 ** 28;

/**
 * Refuses an option that is not an integer in a range.
 *
 * @throws {TensorError} `generator-options`
 */
export function checkInteger(name: string, value: number, least: number, most: number = 2 ** 31 - 1): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new TensorError("generator-options", `${name} is ${value}; expected an integer from ${least} to ${most}`);
}

/**
 * Refuses an option that is not a number in a range, ends included.
 *
 * @throws {TensorError} `generator-options`
 */
export function checkNumber(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new TensorError("generator-options", `${name} is ${value}; expected a number from ${least} to ${most}`);
}

/**
 * Refuses more entries than there is room for, or than a generator makes.
 *
 * @throws {TensorError} `generator-options`
 */
export function checkEntries(entries: number, room: number): void {
  checkInteger("entries", entries, 0, Math.min(room, maximumGeneratedEntries));
}

/** The generated coordinates, sorted by modes, with their values. */
export function generatedList(
  shape: readonly number[],
  coordinates: readonly Int32Array[],
  options: GeneratorOptions,
): CoordinateList {
  checkInteger("seed", options.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const count = coordinates[0]?.length ?? 0;
  const list = { shape, coordinates, valueType: "float64" as const, values: new Float64Array(count).fill(1) };
  const sorted = sortCoordinates(list);
  fillValues(sorted.values as Float64Array, options);
  return sorted;
}

function fillValues(values: Float64Array, options: GeneratorOptions): void {
  const stream = new RandomStream(options.seed, "values");
  switch (options.values ?? "unit") {
    case "ones":
      return;
    case "unit":
      for (let e = 0; e < values.length; e++) values[e] = 1 - stream.unit();
      return;
    case "quarters":
      for (let e = 0; e < values.length; e++) {
        const step = stream.below(16);
        values[e] = (step < 8 ? step - 8 : step - 7) / 4;
      }
      return;
    default:
      throw new TensorError("generator-options", `values is "${options.values}"; expected unit, quarters or ones`);
  }
}
