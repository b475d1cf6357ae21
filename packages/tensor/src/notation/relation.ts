/**
 * Relations: entries by index variables instead of modes, with the two operations that evaluate a product of tensors,
 * the join (multiply where shared variables agree) and the grouping sum.
 */
import { maximumExtent } from "../limits.ts";
import { combineDuplicates } from "../storage/coordinates/combine-duplicates.ts";
import { entryCount, sortCoordinates } from "../storage/coordinates/coordinate-list.ts";
import { gather } from "../storage/coordinates/gather.ts";
import type { CoordinateList } from "../storage/tensor.ts";
import type { Access } from "./expression.ts";
import { matchRows, tooManyRows } from "./match-rows.ts";

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

/**
 * Every value of one variable, each with the value 1.
 *
 * @throws {TensorError} `too-large` if there are more than `maximumRows`
 */
export function rangeRelation(variable: string, extent: number, maximumRows: number): Relation {
  if (extent > maximumRows) throw tooManyRows(maximumRows);
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
export function join(left: Relation, right: Relation, maximumRows: number): Relation {
  const pairs = matchRows(left, right, maximumRows);
  const own = right.variables.filter((name) => !left.variables.includes(name));
  const columns = [
    ...left.columns.map((column) => gather(column, pairs.left)),
    ...own.map((name) => gather(columnOf(right, name), pairs.right)),
  ];
  const values = new Float64Array(pairs.left.length);
  for (let row = 0; row < values.length; row++) {
    values[row] = left.values[pairs.left[row]!]! * right.values[pairs.right[row]!]!;
  }
  return { variables: [...left.variables, ...own], columns, values };
}

/** Sums the rows that agree in `variables`, in the order of the rows; the result has these columns, in rising order. */
export function sumOver(relation: Relation, variables: readonly string[]): Relation {
  if (variables.length === 0) return scalarRelation(relation.values.reduce((sum, value) => sum + value, 0));
  const coordinates = variables.map((name) => columnOf(relation, name));
  const shape = variables.map(() => maximumExtent);
  const sorted = sortCoordinates({ shape, coordinates, valueType: "float64", values: relation.values });
  const count = entryCount(sorted);
  const summed = combineDuplicates({ ...sorted, count }, { duplicates: "sum", dropZeros: false });
  return { variables, columns: summed.coordinates, values: summed.values as Float64Array };
}

function columnOf(relation: Relation, name: string): Int32Array {
  return relation.columns[relation.variables.indexOf(name)]!;
}
