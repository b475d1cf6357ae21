/**
 * Builds the tree of parameters that share constraints.
 *
 * Depth first: at each level the values are kept whose conditions hold, given the values before; a prefix without
 * a leaf is dropped. A subtree depends only on those earlier values that its conditions still read, so it is built
 * once per combination of these ("live") values. Each condition is checked at the first level that decides it.
 */
import { TunerError } from "../../errors.ts";
import type { Condition, Scope } from "../constraint/scope.ts";
import { ValueTree } from "./value-tree.ts";

/** How many values are tried before a tree is given up: a second or two. */
const mostTrials = 20_000_000;

interface Level {
  readonly parameter: number;
  /** Values for which the conditions on this parameter alone hold, ascending. */
  readonly domain: readonly number[];
  /** Conditions decided here that also read earlier parameters. */
  readonly conditions: readonly Condition[];
  /** Earlier parameters of the tree that conditions from here on read, and how many values each has. */
  readonly live: readonly number[];
  readonly radix: readonly number[];
  readonly built: Map<number | string, number>;
}

/** What a tree is built from: `counts[p]` values of parameter p; `order` as they are decided. */
export interface TreeTask {
  readonly scope: Scope;
  readonly counts: readonly number[];
  readonly order: readonly number[];
  readonly conditions: readonly Condition[];
}

/** Builds a tree; one without leaves has `leaves` 0. @throws {TunerError} `space-too-large` beyond its bounds. */
export function buildTree(task: TreeTask): ValueTree {
  return new TreeBuilder(task).build();
}

class TreeBuilder {
  readonly #task: TreeTask;
  readonly #levels: readonly Level[];
  readonly #row: Float64Array;
  readonly #chosen: Float64Array;
  readonly #firstEdge: number[] = [0, 0];
  readonly #value: number[] = [];
  readonly #child: number[] = [];
  readonly #before: number[] = [];
  readonly #leaves: number[] = [1];
  #trials = 0;

  constructor(task: TreeTask) {
    this.#task = task;
    this.#row = new Float64Array(task.scope.width);
    this.#chosen = new Float64Array(task.counts.length);
    const levelOf = new Map(task.order.map((parameter, level) => [parameter, level]));
    const decidedAt = (condition: Condition) => Math.max(0, ...condition.reads.map((each) => levelOf.get(each)!));
    this.#levels = task.order.map((parameter, level) => {
      const here = task.conditions.filter((condition) => decidedAt(condition) === level);
      const later = task.conditions.filter((condition) => decidedAt(condition) >= level);
      const live = task.order.slice(0, level).filter((each) => later.some(({ reads }) => reads.includes(each)));
      const own = here.filter(({ reads }) => reads.every((each) => each === parameter));
      return {
        parameter,
        domain: this.#domain(parameter, own),
        conditions: here.filter((condition) => !own.includes(condition)),
        live,
        radix: live.map((each) => task.counts[each]!),
        built: new Map(),
      };
    });
  }

  build(): ValueTree {
    const root = this.#node(0);
    if (root < 0) {
      this.#firstEdge.push(this.#value.length);
      this.#leaves.push(0);
    }
    return new ValueTree(this.#task.order, {
      firstEdge: Int32Array.from(this.#firstEdge),
      value: Int32Array.from(this.#value),
      child: Int32Array.from(this.#child),
      leavesBefore: Float64Array.from(this.#before),
      leaves: Float64Array.from(this.#leaves),
      root: root < 0 ? this.#leaves.length - 1 : root,
    });
  }

  #domain(parameter: number, conditions: readonly Condition[]): number[] {
    const kept: number[] = [];
    const count = this.#task.counts[parameter]!;
    this.#try(parameter, count);
    for (let value = 0; value < count; value++) {
      this.#task.scope.write(this.#row, parameter, value);
      if (conditions.every(({ holds }) => holds(this.#row))) kept.push(value);
    }
    return kept;
  }

  /** The node for the values chosen before `level`, or -1 if it would have no leaf. */
  #node(level: number): number {
    if (level === this.#levels.length) return 0;
    const { parameter, domain, conditions, built } = this.#levels[level]!;
    const key = this.#key(this.#levels[level]!);
    const known = built.get(key);
    if (known !== undefined) return known;
    this.#try(parameter, domain.length);
    const values: number[] = [];
    const children: number[] = [];
    for (const value of domain) {
      this.#task.scope.write(this.#row, parameter, value);
      if (!holdAll(conditions, this.#row)) continue;
      this.#chosen[parameter] = value;
      const child = this.#node(level + 1);
      if (child < 0) continue;
      values.push(value);
      children.push(child);
    }
    const node = values.length === 0 ? -1 : this.#append(values, children);
    built.set(key, node);
    return node;
  }

  #append(values: readonly number[], children: readonly number[]): number {
    let leaves = 0;
    for (let i = 0; i < values.length; i++) {
      this.#value.push(values[i]!);
      this.#child.push(children[i]!);
      this.#before.push(leaves);
      leaves += this.#leaves[children[i]!]!;
    }
    if (leaves > Number.MAX_SAFE_INTEGER) {
      throw new TunerError("space-too-large", "parameters that share constraints have more than 2^53 feasible values");
    }
    this.#firstEdge.push(this.#value.length);
    this.#leaves.push(leaves);
    return this.#leaves.length - 1;
  }

  #key({ live, radix }: Level): number | string {
    let key = 0;
    for (let i = 0; i < live.length; i++) {
      key = key * radix[i]! + this.#chosen[live[i]!]!;
      if (key > 2 ** 50) return live.map((parameter) => this.#chosen[parameter]).join();
    }
    return key;
  }

  #try(parameter: number, values: number): void {
    this.#trials += values;
    if (this.#trials > mostTrials) {
      throw new TunerError(
        "space-too-large",
        `more than ${mostTrials} values were tried to list what the constraints allow (at parameter ${parameter + 1} of ` +
          `${this.#task.counts.length}); split constraints that join many parameters, or give parameters fewer values`,
      );
    }
  }
}

function holdAll(conditions: readonly Condition[], row: Float64Array): boolean {
  for (let i = 0; i < conditions.length; i++) if (!conditions[i]!.holds(row)) return false;
  return true;
}
