/**
 * Relations: entries by index variables instead of modes, with the two operations that evaluate a product of tensors,
 * the join (multiply where shared variables agree) and the grouping sum.
 */
import { TensorError } from "../errors.ts";
import { maximumExtent } from "../limits.ts";
import { combineDuplicates } from "../storage/coordinates/combine-duplicates.ts";
import { entryCount, sortCoordinates } from "../storage/coordinates/coordinate-list.ts";
import type { CoordinateList } from "../storage/tensor.ts";
import type { Access } from "./expression.ts";
import type { Extents } from "./infer-extents.ts";

/** Row r has coordinate `columns[v][r]` for variable `variables[v]`, and the value `values[r]`. */
export interface Relation {
  readonly variables: readonly string[];
  readonly columns: readonly Int32Array[];
  readonly values: Float64Array;
}

/** One row without variables: a number. */
export function scalarRelation(value: number): Relation {
  return { variables: [], columns: [], values: Float64Array.of(value) };
}

/** Every value of one variable, each with the value 1. */
export function rangeRelation(variable: string, extent: number): Relation {
  const values = new Float64Array(extent).fill(1);
  return { variables: [variable], columns: [Int32Array.from(values, (_, at) => at)], values };
}

/** The entries that an access reaches: all of them, or the diagonal where it repeats an index. */
export function accessRelation({ indices }: Access, list: CoordinateList): Relation {
  const names = indices.map(({ name }) => name);
  const variables = [...new Set(names)];
  if (variables.length === names.length) {
    return { variables, columns: list.coordinates, values: new Float64Array(list.values) };
  }
  const rows: number[] = [];
  const count = entryCount(list);
  for (let e = 0; e < count; e++) {
    const agrees = names.every(
      (name, mode) => list.coordinates[mode]![e] === list.coordinates[names.indexOf(name)]![e],
    );
    if (agrees) rows.push(e);
  }
  const columns = variables.map((name) => {
    const column = list.coordinates[names.indexOf(name)]!;
    return Int32Array.from(rows, (e) => column[e]!);
  });
  return { variables, columns, values: Float64Array.from(rows, (e) => list.values[e]!) };
}

/**
 * All pairs of rows that agree in the variables both have, with the product of their values.
 *
 * @throws {TensorError} `too-large` if there are more than `maximumRows`
 */
export function join(left: Relation, right: Relation, extents: Extents, maximumRows: number): Relation {
  const shared = left.variables.filter((name) => right.variables.includes(name));
  const rows = chainRows(right, shared, extents);
  const keyOf = rowKeys(left, shared, extents);
  let count = 0;
  for (let l = 0; l < left.values.length; l++) {
    for (let r = rows.first.get(keyOf(l)) ?? -1; r >= 0; r = rows.next[r]!) count++;
    if (count > maximumRows)
      throw new TensorError("too-large", `a product has more than ${maximumRows} nonzero points`);
  }
  const own = right.variables.filter((name) => !shared.includes(name));
  const columns = [...left.variables, ...own].map(() => new Int32Array(count));
  const values = new Float64Array(count);
  const sources = own.map((name) => right.columns[right.variables.indexOf(name)]!);
  let at = 0;
  for (let l = 0; l < left.values.length; l++) {
    for (let r = rows.first.get(keyOf(l)) ?? -1; r >= 0; r = rows.next[r]!) {
      for (let c = 0; c < left.columns.length; c++) columns[c]![at] = left.columns[c]![l]!;
      for (let c = 0; c < sources.length; c++) columns[left.columns.length + c]![at] = sources[c]![r]!;
      values[at] = left.values[l]! * right.values[r]!;
      at++;
    }
  }
  return { variables: [...left.variables, ...own], columns, values };
}

/** Sums the rows that agree in `variables`, in the order of the rows; the result has these columns, in rising order. */
export function sumOver(relation: Relation, variables: readonly string[]): Relation {
  if (variables.length === 0) return scalarRelation(relation.values.reduce((sum, value) => sum + value, 0));
  const coordinates = variables.map((name) => relation.columns[relation.variables.indexOf(name)]!);
  const shape = variables.map(() => maximumExtent);
  const sorted = sortCoordinates({ shape, coordinates, valueType: "float64", values: relation.values });
  const count = entryCount(sorted);
  const summed = combineDuplicates({ ...sorted, count }, { duplicates: "sum", dropZeros: false });
  return { variables, columns: summed.coordinates, values: summed.values as Float64Array };
}

/** Rows in chains of equal keys: a chain begins at `first.get(key)` and goes on at `next[row]` until -1. */
interface RowChains {
  readonly first: ReadonlyMap<number | string, number>;
  readonly next: Int32Array;
}

function chainRows(relation: Relation, variables: readonly string[], extents: Extents): RowChains {
  const keyOf = rowKeys(relation, variables, extents);
  const first = new Map<number | string, number>();
  const next = new Int32Array(relation.values.length);
  // Backwards, so that chains run forwards and sums keep the order of the entries.
  for (let row = next.length - 1; row >= 0; row--) {
    const key = keyOf(row);
    next[row] = first.get(key) ?? -1;
    first.set(key, row);
  }
  return { first, next };
}

/** A key of each row that is equal exactly where the variables are: a number where all combinations fit into 53 bits. */
function rowKeys(relation: Relation, variables: readonly string[], extents: Extents): (row: number) => number | string {
  const columns = variables.map((name) => relation.columns[relation.variables.indexOf(name)]!);
  const sizes = variables.map((name) => extents.get(name)!);
  const combinations = sizes.reduce((product, size) => product * size, 1);
  if (combinations > Number.MAX_SAFE_INTEGER) return (row) => columns.map((column) => column[row]).join();
  return (row) => {
    let key = 0;
    for (let v = 0; v < columns.length; v++) key = key * sizes[v]! + columns[v]![row]!;
    return key;
  };
}
