import type { Random } from "../../numeric/random.ts";
import { type Point, pickWeighted, type Tree } from "./tree.ts";

/** The arrays of a `ValueTree`. Equal subtrees are stored once, so "nodes" form a graph with one root. */
export interface ValueTreeArrays {
  /** Edges of node k: `firstEdge[k]` to `firstEdge[k + 1]`, exclusive. Node 0 is the leaf and has none. */
  readonly firstEdge: Int32Array;
  /** Value index of each edge; ascending within a node. */
  readonly value: Int32Array;
  /** Node that each edge leads to. */
  readonly child: Int32Array;
  /** Leaves under the earlier edges of the same node. */
  readonly leavesBefore: Float64Array;
  /** Leaves under each node. */
  readonly leaves: Float64Array;
  readonly root: number;
}

/** The tree of parameters that share constraints. */
export class ValueTree implements Tree {
  readonly parameters: readonly number[];
  readonly leaves: number;
  readonly #arrays: ValueTreeArrays;

  constructor(parameters: readonly number[], arrays: ValueTreeArrays) {
    this.parameters = parameters;
    this.#arrays = arrays;
    this.leaves = arrays.leaves[arrays.root]!;
  }

  leafAt(rank: number, point: Point): void {
    const { firstEdge, value, child, leavesBefore } = this.#arrays;
    let node = this.#arrays.root;
    let rest = rank;
    for (const parameter of this.parameters) {
      let low = firstEdge[node]!;
      let high = firstEdge[node + 1]! - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (leavesBefore[middle]! <= rest) low = middle;
        else high = middle - 1;
      }
      rest -= leavesBefore[low]!;
      point[parameter] = value[low]!;
      node = child[low]!;
    }
  }

  rankOf(point: Point): number {
    const { child, leavesBefore } = this.#arrays;
    let node = this.#arrays.root;
    let rank = 0;
    for (const parameter of this.parameters) {
      const edge = this.#edge(node, point[parameter]!);
      if (edge < 0) return -1;
      rank += leavesBefore[edge]!;
      node = child[edge]!;
    }
    return rank;
  }

  descend(point: Point, random: Random, weights?: readonly (Float64Array | undefined)[]): void {
    const { firstEdge, value, child } = this.#arrays;
    let node = this.#arrays.root;
    for (const parameter of this.parameters) {
      const first = firstEdge[node]!;
      const count = firstEdge[node + 1]! - first;
      const weight = weights?.[parameter];
      const pick =
        weight === undefined
          ? random.below(count)
          : pickWeighted(count, (index) => weight[value[first + index]!]!, random);
      point[parameter] = value[first + pick]!;
      node = child[first + pick]!;
    }
  }

  choices(point: Point, level: number): Int32Array {
    const node = this.#nodeAt(point, level);
    return this.#arrays.value.subarray(this.#arrays.firstEdge[node]!, this.#arrays.firstEdge[node + 1]!);
  }

  repair(point: Point, level: number): void {
    const { firstEdge, value, child } = this.#arrays;
    let node = this.#nodeAt(point, level + 1);
    for (const parameter of this.parameters.slice(level + 1)) {
      let nearest = firstEdge[node]!;
      const wanted = point[parameter]!;
      for (let edge = nearest + 1; edge < firstEdge[node + 1]!; edge++) {
        if (Math.abs(value[edge]! - wanted) < Math.abs(value[nearest]! - wanted)) nearest = edge;
      }
      point[parameter] = value[nearest]!;
      node = child[nearest]!;
    }
  }

  #nodeAt(point: Point, level: number): number {
    let node = this.#arrays.root;
    for (let i = 0; i < level; i++) node = this.#arrays.child[this.#edge(node, point[this.parameters[i]!]!)]!;
    return node;
  }

  #edge(node: number, wanted: number): number {
    const { firstEdge, value } = this.#arrays;
    let low = firstEdge[node]!;
    let high = firstEdge[node + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low < firstEdge[node + 1]! && value[low] === wanted ? low : -1;
  }
}
