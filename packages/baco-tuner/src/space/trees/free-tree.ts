import type { Random } from "../../numeric/random.ts";
import { type Point, pickWeighted, type Tree } from "./tree.ts";

/** The tree of one parameter without constraints: all its values are leaves, none is stored. */
export class FreeTree implements Tree {
  readonly parameters: readonly number[];
  readonly leaves: number;
  readonly #parameter: number;

  constructor(parameter: number, values: number) {
    this.parameters = [parameter];
    this.#parameter = parameter;
    this.leaves = values;
  }

  leafAt(rank: number, point: Point): void {
    point[this.#parameter] = rank;
  }

  rankOf(point: Point): number {
    const value = point[this.#parameter]!;
    return Number.isInteger(value) && value >= 0 && value < this.leaves ? value : -1;
  }

  descend(point: Point, random: Random, weights?: readonly (Float64Array | undefined)[]): void {
    const weight = weights?.[this.#parameter];
    point[this.#parameter] =
      weight === undefined ? random.below(this.leaves) : pickWeighted(this.leaves, (value) => weight[value]!, random);
  }

  choices(): null {
    return null;
  }

  repair(): void {}
}
