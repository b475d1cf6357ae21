/**
 * What names in constraints mean: which slot of a row of numbers, and which parameter it comes from.
 *
 * A number parameter has one slot. A permutation `p` of n elements has 2n: `p_0 .. p_{n-1}` (the element at a
 * position), then `p_i0 .. p_i{n-1}` (the position of an element).
 */
import { numberAt, type Parameter } from "../parameter.ts";
import { unrankPermutation } from "../permutation.ts";
import { compilePredicate, type Predicate } from "./compile.ts";
import { conjuncts, type Expression, parseConstraint, walkExpression } from "./parse.ts";
import { ConstraintFault } from "./token.ts";

/** One condition, ready to run: it reads the slots of the parameters in `reads` (indices, ascending). */
export interface Condition {
  readonly reads: readonly number[];
  readonly holds: Predicate;
}

/** One constraint as its conditions, which must all hold, and remarks on its text. */
export interface BoundConstraint {
  readonly conditions: readonly Condition[];
  readonly warnings: readonly { readonly message: string; readonly start: number; readonly end: number }[];
}

/** The names of a list of parameters. */
export class Scope {
  /** The number of slots of a row. */
  readonly width: number;
  /** The first slot of each parameter. */
  readonly slots: Int32Array;
  readonly #parameters: readonly Parameter[];
  readonly #names = new Map<string, { readonly parameter: number; readonly slot: number }>();
  readonly #order: Int32Array[];
  /** Names that a permutation brings though a parameter has them too. */
  readonly clashes: readonly string[];

  constructor(parameters: readonly Parameter[]) {
    this.#parameters = parameters;
    this.slots = new Int32Array(parameters.length);
    this.#order = parameters.map((each) => new Int32Array(each.kind === "permutation" ? each.size : 0));
    const clashes: string[] = [];
    const declared = new Set(parameters.map(({ name }) => name));
    let slot = 0;
    parameters.forEach((each, parameter) => {
      this.slots[parameter] = slot;
      if (each.kind !== "permutation") {
        this.#names.set(each.name, { parameter, slot: slot++ });
        return;
      }
      for (let i = 0; i < 2 * each.size; i++) {
        const name = i < each.size ? `${each.name}_${i}` : `${each.name}_i${i - each.size}`;
        if (declared.has(name)) clashes.push(name);
        this.#names.set(name, { parameter, slot: slot++ });
      }
    });
    this.width = slot;
    this.clashes = clashes;
  }

  /** Writes the numbers of one parameter at a coordinate into its slots. */
  write(row: Float64Array, parameter: number, coordinate: number): void {
    const each = this.#parameters[parameter]!;
    const slot = this.slots[parameter]!;
    if (each.kind !== "permutation") {
      row[slot] = numberAt(each, coordinate);
      return;
    }
    const order = this.#order[parameter]!;
    unrankPermutation(coordinate, order);
    for (let i = 0; i < each.size; i++) {
      row[slot + i] = order[i]!;
      row[slot + each.size + order[i]!] = i;
    }
  }

  /** Reads and compiles a constraint. @throws {ConstraintFault} at its first fault. */
  bind(text: string): BoundConstraint {
    const { expression, warnings } = parseConstraint(text);
    const zeroes: { message: string; start: number; end: number }[] = [];
    const conditions = conjuncts(expression).map((part) => {
      const reads = new Set<number>();
      walkExpression(part, (node) => {
        if (node.kind === "name") reads.add(this.#lookUp(node).parameter);
        if (node.kind === "binary" && (node.operator === "%" || node.operator === "/") && this.#mayBeZero(node.right)) {
          const { start, end } = node.right;
          zeroes.push({ message: "may be 0; a comparison with the result is then false", start, end });
        }
      });
      const holds = compilePredicate(part, (name) => this.#names.get(name)!.slot);
      return { reads: [...reads].sort((a, b) => a - b), holds };
    });
    return { conditions, warnings: [...warnings, ...zeroes.filter((zero) => this.#isRemainder(text, zero.start))] };
  }

  #isRemainder(text: string, start: number): boolean {
    return /%[\s(]*$/.test(text.slice(Math.max(0, start - 20), start));
  }

  #mayBeZero(divisor: Expression): boolean {
    if (divisor.kind === "number") return divisor.value === 0;
    if (divisor.kind !== "name") return false;
    const each = this.#parameters[this.#lookUp(divisor).parameter]!;
    if (each.kind === "permutation") return true;
    if (each.kind === "real" || each.kind === "integer") return each.minimum <= 0 && each.maximum >= 0;
    return (each.values as readonly unknown[]).includes(0);
  }

  #lookUp(node: Expression & { readonly kind: "name" }): { readonly parameter: number; readonly slot: number } {
    const found = this.#names.get(node.name);
    if (found === undefined) throw this.#unknown(node);
    const each = this.#parameters[found.parameter]!;
    if (each.kind === "categorical" && each.values.some((value) => typeof value !== "number")) {
      throw new ConstraintFault(`${node.name} has values that are no numbers`, node, "number the categories");
    }
    return found;
  }

  #unknown(node: Expression & { readonly kind: "name" }): ConstraintFault {
    const owner = this.#parameters.find(
      ({ kind, name }) => kind === "permutation" && (node.name === name || node.name.startsWith(`${name}_`)),
    );
    if (owner?.kind === "permutation") {
      const last = owner.size - 1;
      const help = `write ${owner.name}_0 to ${owner.name}_${last} for elements, ${owner.name}_i0 to ${owner.name}_i${last} for positions`;
      return new ConstraintFault(`${node.name} is no number of the permutation ${owner.name}`, node, help);
    }
    const known = this.#parameters.map(({ name }) => name);
    const listed = known.length > 12 ? `${known.slice(0, 12).join(", ")}, ...` : known.join(", ");
    return new ConstraintFault(`there is no parameter ${JSON.stringify(node.name)}`, node, `parameters: ${listed}`);
  }
}
