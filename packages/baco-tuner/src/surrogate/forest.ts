/**
 * Random forests of regression trees: a surrogate by themselves, and, on 0 and 1, a model of feasibility.
 *
 * The samples of a node are a range of one array per column, sorted by that column; a split parts every range
 * stably, so nothing is sorted twice.
 */
import type { Random } from "../numeric/random.ts";
import type { Surrogate } from "./surrogate.ts";

/** How trees are grown. */
export interface ForestOptions {
  readonly trees: number;
  /** The share of columns looked at in each split. */
  readonly columns: number;
  readonly bootstrap: boolean;
  /** Whether a cut lies anywhere between two values, or in their middle. */
  readonly randomCuts: boolean;
}

/** Samples with weights: `rows` is [values.length, width]. */
export interface WeightedSamples {
  readonly rows: Float64Array;
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly width: number;
}

/** A leaf has column -1; `left` and `right` are nodes, samples up to the cut go left. */
interface TreeNodes {
  readonly column: number[];
  readonly cut: number[];
  readonly left: number[];
  readonly right: number[];
  readonly mean: number[];
  readonly variance: number[];
}

/** The mean and the variance of an ensemble: that within leaves plus that between trees; 1e-5 in place of 0. */
export function combineLeaves(
  means: ArrayLike<number>,
  variances: ArrayLike<number>,
): { mean: number; variance: number } {
  let mean = 0;
  let squares = 0;
  let within = 0;
  for (let i = 0; i < means.length; i++) {
    mean += means[i]! / means.length;
    squares += means[i]! ** 2 / means.length;
    within += variances[i]! / means.length;
  }
  const variance = within + squares - mean * mean;
  return { mean, variance: variance > 1e-12 ? variance : 1e-5 };
}

/** A grown forest. */
export class Forest implements Surrogate {
  readonly #trees: TreeNodes[] = [];
  readonly #means: Float64Array;
  readonly #variances: Float64Array;

  constructor(samples: WeightedSamples, random: Random, options: ForestOptions) {
    const grower = new TreeGrower(samples, random, options);
    for (let t = 0; t < options.trees; t++) this.#trees.push(grower.grow());
    this.#means = new Float64Array(options.trees);
    this.#variances = new Float64Array(options.trees);
  }

  /** Not bounded. */
  get variance(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** The mean at the row that starts at `offset`; keeps its leaves for `varianceThere`. */
  meanAt(rows: Float64Array, offset: number): number {
    let sum = 0;
    for (let t = 0; t < this.#trees.length; t++) {
      const tree = this.#trees[t]!;
      const leaf = leafOf(tree, rows, offset);
      sum += tree.mean[leaf]!;
      this.#means[t] = tree.mean[leaf]!;
      this.#variances[t] = tree.variance[leaf]!;
    }
    return sum / this.#trees.length;
  }

  /** The variance at the row of the last `meanAt`. */
  varianceThere(): number {
    return combineLeaves(this.#means, this.#variances).variance;
  }
}

function leafOf({ column, cut, left, right }: TreeNodes, rows: Float64Array, offset: number): number {
  let node = 0;
  while (column[node]! >= 0) node = rows[offset + column[node]!]! <= cut[node]! ? left[node]! : right[node]!;
  return node;
}

interface Split {
  readonly column: number;
  readonly cut: number;
  readonly score: number;
}

class TreeGrower {
  readonly #samples: WeightedSamples;
  readonly #random: Random;
  readonly #options: ForestOptions;
  readonly #sorted: Int32Array[];
  readonly #orders: Int32Array[];
  readonly #spare: Int32Array;
  readonly #weights: Float64Array;
  readonly #columns: Int32Array;

  constructor(samples: WeightedSamples, random: Random, options: ForestOptions) {
    const { rows, values, width } = samples;
    this.#samples = samples;
    this.#random = random;
    this.#options = options;
    this.#sorted = Array.from({ length: width }, (_, column) =>
      Int32Array.from(values.keys()).sort((a, b) => rows[a * width + column]! - rows[b * width + column]!),
    );
    this.#orders = this.#sorted.map((order) => order.slice());
    this.#spare = new Int32Array(values.length);
    this.#weights = new Float64Array(values.length);
    this.#columns = Int32Array.from({ length: width }, (_, column) => column);
  }

  grow(): TreeNodes {
    const n = this.#samples.values.length;
    this.#weights.fill(this.#options.bootstrap ? 0 : 1);
    if (this.#options.bootstrap) for (let i = 0; i < n; i++) this.#weights[this.#random.below(n)]! += 1;
    for (let i = 0; i < n; i++) this.#weights[i]! *= this.#samples.weights[i]!;
    let used = 0;
    this.#orders.forEach((order, column) => {
      used = 0;
      for (const sample of this.#sorted[column]!) if (this.#weights[sample]! > 0) order[used++] = sample;
    });
    const nodes: TreeNodes = { column: [], cut: [], left: [], right: [], mean: [], variance: [] };
    this.#node(nodes, 0, used);
    return nodes;
  }

  #node(nodes: TreeNodes, low: number, high: number): number {
    const { values } = this.#samples;
    const order = this.#orders[0]!;
    let weight = 0;
    let sum = 0;
    for (let i = low; i < high; i++) {
      weight += this.#weights[order[i]!]!;
      sum += this.#weights[order[i]!]! * values[order[i]!]!;
    }
    const mean = sum / weight;
    let variance = 0;
    for (let i = low; i < high; i++)
      variance += (this.#weights[order[i]!]! * (values[order[i]!]! - mean) ** 2) / weight;
    const node = nodes.column.push(-1) - 1;
    nodes.cut.push(0);
    nodes.left.push(-1);
    nodes.right.push(-1);
    nodes.mean.push(mean);
    nodes.variance.push(variance);
    const split = high - low >= 2 && variance > 1e-14 ? this.#split(low, high, { weight, sum }) : undefined;
    if (split === undefined) return node;
    const middle = this.#part(split, low, high);
    nodes.column[node] = split.column;
    nodes.cut[node] = split.cut;
    nodes.left[node] = this.#node(nodes, low, middle);
    nodes.right[node] = this.#node(nodes, middle, high);
    return node;
  }

  /** The best cut among a random choice of columns; more columns are tried while none can be cut. */
  #split(low: number, high: number, total: { readonly weight: number; readonly sum: number }): Split | undefined {
    const width = this.#columns.length;
    const wanted = Math.max(1, Math.round(this.#options.columns * width));
    let best: Split | undefined;
    for (let i = 0; i < width && (i < wanted || best === undefined); i++) {
      const pick = i + this.#random.below(width - i);
      const column = this.#columns[pick]!;
      this.#columns[pick] = this.#columns[i]!;
      this.#columns[i] = column;
      const found = this.#bestCut(column, { low, high }, total);
      if (found !== undefined && (best === undefined || found.score > best.score)) best = found;
    }
    return best;
  }

  #bestCut(
    column: number,
    { low, high }: { readonly low: number; readonly high: number },
    total: { readonly weight: number; readonly sum: number },
  ): Split | undefined {
    const { rows, values, width } = this.#samples;
    const order = this.#orders[column]!;
    let weight = 0;
    let sum = 0;
    let score = Number.NEGATIVE_INFINITY;
    let at = -1;
    for (let i = low; i < high - 1; i++) {
      const sample = order[i]!;
      weight += this.#weights[sample]!;
      sum += this.#weights[sample]! * values[sample]!;
      if (rows[sample * width + column] === rows[order[i + 1]! * width + column]) continue;
      const found = (sum * sum) / weight + (total.sum - sum) ** 2 / (total.weight - weight);
      if (found > score) {
        score = found;
        at = i;
      }
    }
    if (at < 0) return undefined;
    const below = rows[order[at]! * width + column]!;
    const above = rows[order[at + 1]! * width + column]!;
    const share = this.#options.randomCuts ? this.#random.float() : 0.5;
    return { column, score, cut: Math.min(below + share * (above - below), above - (above - below) * 1e-9) };
  }

  #part({ column, cut }: Split, low: number, high: number): number {
    const { rows, width } = this.#samples;
    let middle = low;
    for (const order of this.#orders) {
      middle = low;
      let right = 0;
      for (let i = low; i < high; i++) {
        const sample = order[i]!;
        if (rows[sample * width + column]! <= cut) order[middle++] = sample;
        else this.#spare[right++] = sample;
      }
      order.set(this.#spare.subarray(0, right), middle);
    }
    return middle;
  }
}
