/**
 * A space: parameters and the constraints between them, as a chain of trees.
 *
 * The valid set is the product of the trees' leaves and the reals; constraints that read reals stay outside the
 * trees and are met by rejection. Everything the trees count is exact.
 *
 * The chain of trees is that of BaCO (its branch Original); trees here share equal subtrees.
 */
import { TunerError } from "../errors.ts";
import type { Random } from "../numeric/random.ts";
import { describeDomain } from "./check-parameters.ts";
import type { Condition, Scope } from "./constraint/scope.ts";
import { type Config, coordinateOf, type Parameter, valueAt, valueCount } from "./parameter.ts";
import { logPriorOf, priorWeights, realFromPrior } from "./prior.ts";
import type { Point, Tree } from "./trees/tree.ts";

/** How points are drawn: each equally likely; each step from the root equally likely; or by the priors. */
export type Sampling = "uniform" | "biased" | "prior";

/** Why a configuration is no member of a space. */
export interface Violation {
  readonly message: string;
  readonly parameter?: string;
}

/** The parts of a space, as `checkSpace` finds them. */
export interface SpaceParts {
  readonly parameters: readonly Parameter[];
  readonly trees: readonly Tree[];
  readonly scope: Scope;
  /** Conditions of all constraints, with their text. */
  readonly constraints: readonly { readonly text: string; readonly conditions: readonly Condition[] }[];
}

const rejectionRounds = 20_000;

/** Valid configurations: counted, ranked, drawn. Made by `createSpace`. */
export class Space {
  readonly parameters: readonly Parameter[];
  readonly trees: readonly Tree[];
  /** The number of valid configurations; null with reals. */
  readonly size: bigint | null;
  /** The number of configurations without constraints; null with reals. */
  readonly cartesian: bigint | null;
  /** Whether any parameter has a constraint. */
  readonly constrained: boolean;
  readonly #parts: SpaceParts;
  readonly #reals: readonly number[];
  readonly #realConditions: readonly Condition[];
  readonly #row: Float64Array;
  readonly #counts: Float64Array;
  readonly #weights: readonly (Float64Array | undefined)[];
  readonly #logPriors: readonly ((coordinate: number) => number)[];

  constructor(parts: SpaceParts) {
    this.#parts = parts;
    this.parameters = parts.parameters;
    this.trees = parts.trees;
    this.constrained = parts.constraints.length > 0;
    this.#counts = Float64Array.from(parts.parameters, valueCount);
    this.#reals = [...this.#counts.keys()].filter((p) => this.#counts[p] === Number.POSITIVE_INFINITY);
    const real = new Set(this.#reals);
    this.#realConditions = parts.constraints.flatMap(({ conditions }) =>
      conditions.filter(({ reads }) => reads.some((p) => real.has(p))),
    );
    this.#row = new Float64Array(parts.scope.width);
    this.#weights = parts.parameters.map(priorWeights);
    this.#logPriors = parts.parameters.map(logPriorOf);
    const discrete = this.#reals.length === 0;
    this.size = discrete ? product(parts.trees.map(({ leaves }) => leaves)) : null;
    this.cartesian = discrete ? product([...this.#counts]) : null;
  }

  /** The point of a configuration, or why it is not valid. */
  locate(config: Config): Point | Violation {
    const point = new Float64Array(this.parameters.length);
    for (const [p, parameter] of this.parameters.entries()) {
      const value = Object.hasOwn(config, parameter.name) ? config[parameter.name] : undefined;
      if (value === undefined)
        return { message: `the configuration has no ${parameter.name}`, parameter: parameter.name };
      const coordinate = coordinateOf(parameter, value);
      if (coordinate === undefined) {
        const message = `${JSON.stringify(value)} is no value of ${parameter.name}: ${describeDomain(parameter)}`;
        return { message, parameter: parameter.name };
      }
      point[p] = coordinate;
    }
    return this.contains(point) ? point : this.#violation(point);
  }

  /** The configuration at a point. */
  configAt(point: Point): Config {
    return Object.fromEntries(this.parameters.map((parameter, p) => [parameter.name, valueAt(parameter, point[p]!)]));
  }

  /** Whether all constraints hold at a point whose coordinates are values of their parameters. */
  contains(point: Point): boolean {
    for (const tree of this.trees) if (tree.rankOf(point) < 0) return false;
    return this.#realsHold(point);
  }

  /** Tells points apart: equal for equal points only. */
  keyOf(point: Point): number | string {
    let key = 0;
    for (let p = 0; p < point.length; p++) {
      key = key * this.#counts[p]! + point[p]!;
      if (!(key < 2 ** 50)) return point.join();
    }
    return key;
  }

  /** The place of a valid point among all valid points. @throws {TunerError} `sampling` with reals. */
  rankOf(point: Point): bigint {
    this.#mustBeDiscrete();
    let rank = 0n;
    for (const tree of this.trees) rank = rank * BigInt(tree.leaves) + BigInt(tree.rankOf(point));
    return rank;
  }

  /** The valid point with a rank, 0 to `size` - 1. @throws {TunerError} `sampling` with reals or beyond the size. */
  pointAt(rank: bigint): Point {
    this.#mustBeDiscrete();
    if (rank < 0n || rank >= this.size!) throw new TunerError("sampling", `rank ${rank} is not below ${this.size}`);
    const point = new Float64Array(this.parameters.length);
    let rest = rank;
    for (const tree of this.trees.toReversed()) {
      const leaves = BigInt(tree.leaves);
      tree.leafAt(Number(rest % leaves), point);
      rest /= leaves;
    }
    return point;
  }

  /** Draws one valid point. @throws {TunerError} `sampling` where constraints on reals reject too much. */
  draw(random: Random, how: Sampling = "uniform"): Point {
    const point = new Float64Array(this.parameters.length);
    for (let round = 0; round < rejectionRounds; round++) {
      for (const tree of this.trees) {
        if (how === "uniform") tree.leafAt(random.below(tree.leaves), point);
        else tree.descend(point, random, how === "prior" ? this.#weights : undefined);
      }
      for (const p of this.#reals) point[p] = realFromPrior(this.parameters[p]!, how === "prior", random);
      if (this.#realsHold(point)) return point;
    }
    throw new TunerError("sampling", `none of ${rejectionRounds} points met the constraints that read real parameters`);
  }

  /** Draws `count` distinct valid points, all of them if there are no more; `taken` are left out. */
  sample(count: number, random: Random, options: SampleOptions = {}): Point[] {
    const taken = new Set<number | string>(options.taken);
    const left = this.size === null ? Number.POSITIVE_INFINITY : Number(this.size) - (options.taken?.size ?? 0);
    if (left <= 2 * count) return this.#shuffled(taken, random).slice(0, count);
    const points: Point[] = [];
    for (let misses = 0; points.length < count && misses < 50 * count + 1000; ) {
      const point = this.draw(random, options.how);
      const key = this.keyOf(point);
      if (taken.has(key)) misses += 1;
      else points.push(point);
      taken.add(key);
    }
    return points.length < count && left < 1e6
      ? [...points, ...this.#shuffled(taken, random).slice(0, count - points.length)]
      : points;
  }

  /** The logarithm of the product of the parameters' priors at a point, each 1 where it is highest. */
  logPrior(point: Point): number {
    let sum = 0;
    for (let p = 0; p < point.length; p++) sum += this.#logPriors[p]!(point[p]!);
    return sum;
  }

  /** Whether any parameter has a prior that is not uniform. */
  get hasPrior(): boolean {
    return this.parameters.some(({ prior }) => prior !== undefined && prior.kind !== "uniform");
  }

  /** Whether the constraints that read reals hold. */
  #realsHold(point: Point): boolean {
    if (this.#realConditions.length === 0) return true;
    this.#fill(point);
    return this.#realConditions.every(({ holds }) => holds(this.#row));
  }

  #fill(point: Point): void {
    for (let p = 0; p < point.length; p++) this.#parts.scope.write(this.#row, p, point[p]!);
  }

  #violation(point: Point): Violation {
    this.#fill(point);
    const broken = this.#parts.constraints.find(({ conditions }) => conditions.some(({ holds }) => !holds(this.#row)));
    return {
      message:
        broken === undefined ? "it is not listed" : `the constraint ${JSON.stringify(broken.text)} does not hold`,
    };
  }

  #mustBeDiscrete(): void {
    if (this.size === null) throw new TunerError("sampling", "points of a space with reals have no rank");
  }

  #shuffled(taken: ReadonlySet<number | string>, random: Random): Point[] {
    const points: Point[] = [];
    for (let rank = 0n; rank < this.size!; rank++) {
      const point = this.pointAt(rank);
      if (!taken.has(this.keyOf(point))) points.push(point);
    }
    for (let i = points.length - 1; i > 0; i--) {
      const other = random.below(i + 1);
      [points[i], points[other]] = [points[other]!, points[i]!];
    }
    return points;
  }
}

/** How `Space.sample` draws, and the keys (`Space.keyOf`) of points it must not return. */
export interface SampleOptions {
  readonly how?: Sampling;
  readonly taken?: ReadonlySet<number | string>;
}

function product(factors: readonly number[]): bigint {
  return factors.reduce((all, factor) => all * BigInt(factor), 1n);
}
