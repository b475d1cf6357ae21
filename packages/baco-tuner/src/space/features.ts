/**
 * Maps points to rows of numbers, the columns of the models.
 *
 * real, integer, ordinal: one column, scaled to [0, 1]; categorical: one column per category; permutation: below.
 */
import { numberAt, type Parameter, type PermutationMetric, valueCount } from "./parameter.ts";
import { unrankPermutation } from "./permutation.ts";
import { scaleOf } from "./scale.ts";
import type { Point } from "./trees/tree.ts";

/**
 * The columns of an order under a metric; squared differences of rows are then
 *
 * - `spearman` (n columns, position of each element over n): sum of squared shifts / n^2;
 * - `kendall` (n(n-1)/2, whether the entry at i is below that at k > i): pairs of positions ordered differently,
 *   as the published program has it; `kendall-position`: pairs of elements ordered differently, as it describes it;
 * - `hamming` (n^2): twice the number of positions that differ; `naive` (n!): 2 unless equal.
 */
export function permutationFeatures(order: readonly number[], metric: PermutationMetric, rank: number): number[] {
  const n = order.length;
  const positions = new Array<number>(n).fill(0);
  order.forEach((element, position) => {
    positions[element] = position;
  });
  if (metric === "spearman") return positions.map((position) => position / n);
  if (metric === "hamming") {
    const columns = new Array<number>(n * n).fill(0);
    order.forEach((element, position) => {
      columns[position * n + element] = 1;
    });
    return columns;
  }
  if (metric === "naive") {
    const columns = new Array<number>(valueCount({ name: "", kind: "permutation", size: n })).fill(0);
    columns[rank] = 1;
    return columns;
  }
  const sequence = metric === "kendall" ? order : positions;
  const columns: number[] = [];
  for (let i = 0; i < n; i++) for (let k = i + 1; k < n; k++) columns.push(sequence[i]! < sequence[k]! ? 1 : 0);
  return columns;
}

/** The largest table of columns that is kept per parameter. */
const largestTable = 200_000;

interface Columns {
  readonly width: number;
  readonly table: Float64Array | undefined;
  readonly compute: (coordinate: number) => readonly number[];
}

function columnsOf(parameter: Parameter, normalize: boolean): Columns {
  const compute = computation(parameter, normalize);
  const width = compute(parameter.kind === "real" ? parameter.minimum : 0).length;
  const count = valueCount(parameter);
  if (count * width > largestTable) return { width, table: undefined, compute };
  const table = new Float64Array(count * width);
  for (let coordinate = 0; coordinate < count; coordinate++) table.set(compute(coordinate), coordinate * width);
  return { width, table, compute };
}

function computation(parameter: Parameter, normalize: boolean): (coordinate: number) => readonly number[] {
  if (parameter.kind === "categorical") {
    const zeroes = new Array<number>(parameter.values.length).fill(0);
    return (coordinate) => zeroes.with(coordinate, 1);
  }
  if (parameter.kind === "permutation") {
    const order = new Array<number>(parameter.size).fill(0);
    return (rank) => {
      unrankPermutation(rank, order);
      return permutationFeatures(order, parameter.metric ?? "spearman", rank);
    };
  }
  const scale = scaleOf(parameter, normalize);
  return (coordinate) => [scale(numberAt(parameter, coordinate))];
}

/** The feature map of a list of parameters. */
export class FeatureMap {
  /** Columns of a row. */
  readonly width: number;
  /** The parameter of each column. */
  readonly owner: Int32Array;
  readonly #columns: readonly Columns[];

  constructor(parameters: readonly Parameter[], normalize = true) {
    this.#columns = parameters.map((parameter) => columnsOf(parameter, normalize));
    this.owner = Int32Array.from(this.#columns.flatMap(({ width }, p) => new Array<number>(width).fill(p)));
    this.width = this.owner.length;
  }

  /** Writes the row of a point into `rows` from `offset` on. */
  write(point: Point, rows: Float64Array, offset: number): void {
    let at = offset;
    for (let p = 0; p < this.#columns.length; p++) {
      const { width, table, compute } = this.#columns[p]!;
      const coordinate = point[p]!;
      if (table === undefined) rows.set(compute(coordinate), at);
      else for (let i = 0; i < width; i++) rows[at + i] = table[coordinate * width + i]!;
      at += width;
    }
  }

  /** The rows of several points, one after another: [points, width]. */
  rows(points: readonly Point[]): Float64Array {
    const rows = new Float64Array(points.length * this.width);
    points.forEach((point, index) => {
      this.write(point, rows, index * this.width);
    });
    return rows;
  }
}
