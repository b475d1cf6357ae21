import { TensorError } from "../../errors.ts";
import type { Values, ValueType } from "../tensor.ts";
import { allocateValues, componentsOf, zeroAt } from "../value-array.ts";
import { gather, gatherValues } from "./gather.ts";

/** What to do with entries at equal coordinates: add them up, refuse them, or store each. */
export type DuplicatePolicy = "sum" | "error" | "keep";

/** Entries sorted by `coordinates[0]`, `coordinates[1]`, …; all arrays run parallel. */
export interface SortedEntries {
  readonly coordinates: readonly Int32Array[];
  readonly valueType: ValueType;
  readonly values: Values;
  readonly count: number;
}

/** How {@link combineDuplicates} treats equal coordinates and zeros. */
export interface CombineOptions {
  readonly duplicates: DuplicatePolicy;
  /** Drop entries that are zero, after adding up. */
  readonly dropZeros: boolean;
}

/**
 * Sorted entries with each coordinate once (unless duplicates are kept) and, if asked, without zeros. Sums run in the
 * order of the entries. Returns the same object where nothing changes.
 *
 * @throws {TensorError} `structure-invalid` for duplicates under the policy `error`, `value-range` where a sum leaves int32
 */
export function combineDuplicates(entries: SortedEntries, options: CombineOptions): SortedEntries {
  const starts = options.duplicates === "keep" ? undefined : runStarts(entries);
  if (starts !== undefined && options.duplicates === "error") refuseDuplicate(entries, starts);
  const combined = starts === undefined ? entries : sumRuns(entries, starts);
  return options.dropZeros ? withoutZeros(combined) : combined;
}

/** The first entry of each run of equal coordinates; `undefined` where every run has one entry. */
function runStarts(entries: SortedEntries): Int32Array | undefined {
  const { coordinates, count } = entries;
  let runs = 0;
  for (let e = 0; e < count; e++) if (startsRun(coordinates, e)) runs += 1;
  if (runs === count) return undefined;
  const starts = new Int32Array(runs);
  for (let e = 0, run = 0; e < count; e++) if (startsRun(coordinates, e)) starts[run++] = e;
  return starts;
}

function startsRun(coordinates: readonly Int32Array[], e: number): boolean {
  if (e === 0) return true;
  for (let k = coordinates.length - 1; k >= 0; k--) if (coordinates[k]![e] !== coordinates[k]![e - 1]) return true;
  return false;
}

function refuseDuplicate(entries: SortedEntries, starts: Int32Array): never {
  let run = 0;
  while (starts[run] === run) run += 1;
  const at = entries.coordinates.map((array) => array[run - 1]).join(", ");
  const extra = entries.count - starts.length;
  const advice = 'expected each coordinate once; sum them with duplicates: "sum"';
  throw new TensorError(
    "structure-invalid",
    `${extra} duplicate entries, the first at level coordinates (${at}); ${advice}`,
  );
}

function sumRuns(entries: SortedEntries, starts: Int32Array): SortedEntries {
  const { values, valueType, count } = entries;
  const components = componentsOf(valueType);
  const sums = allocateValues(valueType, starts.length);
  for (let run = 0; run < starts.length; run++) {
    const start = starts[run]!;
    const end = run + 1 < starts.length ? starts[run + 1]! : count;
    for (let part = 0; part < components; part++) {
      let sum = values[start * components + part]!;
      for (let e = start + 1; e < end; e++) sum += values[e * components + part]!;
      sums[run * components + part] = sum;
      if (valueType === "int32" && sums[run] !== sum) {
        throw new TensorError(
          "value-range",
          `${end - start} duplicate entries add up to ${sum}, which int32 cannot hold`,
        );
      }
    }
  }
  const coordinates = entries.coordinates.map((array) => gather(array, starts));
  return { coordinates, valueType, values: sums, count: starts.length };
}

function withoutZeros(entries: SortedEntries): SortedEntries {
  const { values, valueType, count } = entries;
  const components = componentsOf(valueType);
  const kept = new Int32Array(count);
  let length = 0;
  for (let e = 0; e < count; e++) if (!zeroAt(values, components, e)) kept[length++] = e;
  if (length === count) return entries;
  const order = kept.subarray(0, length);
  return {
    coordinates: entries.coordinates.map((array) => gather(array, order)),
    valueType,
    values: gatherValues(values, valueType, order),
    count: length,
  };
}
