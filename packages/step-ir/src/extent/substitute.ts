/** Extents under knowledge of their symbols: as numbers, as other extents. */
import { StepError } from "../errors.ts";
import { add, ceilDivide, floorDivide, maximum, multiply, positive, sumOverGroups, symbol } from "./arithmetic.ts";
import { type Atom, checked, type Extent } from "./extent.ts";

/**
 * What symbols stand for in one run: a number, or for a ragged dimension the size of each of its groups. Keys are
 * canonical texts, so `sum(L)` may be given as a number of its own; else it is the sum of what `L` is bound to.
 */
export type Bindings = ReadonlyMap<string, number | readonly number[]>;

/**
 * The value of `extent` under `bindings`.
 *
 * @throws {StepError} `symbol-unbound` if a symbol has no number, `extent-overflow` past 2^53, `extent-value` if it divides by 0.
 */
export function evaluate(extent: Extent, bindings: Bindings): number {
  let sum = 0;
  for (const { coefficient, atoms } of extent.terms) {
    let product = coefficient;
    for (const atom of atoms) product = checked(product * evaluateAtom(atom, bindings));
    sum = checked(sum + product);
  }
  return sum;
}

function evaluateAtom(atom: Atom, bindings: Bindings): number {
  const bound = bindings.get(atom.text);
  if (typeof bound === "number") return bound;
  switch (atom.kind) {
    case "symbol":
      throw unbound(atom.text, bound !== undefined);
    case "sum":
      return evaluateSum(atom.of, bindings);
    case "positive":
      return evaluate(atom.of, bindings) >= 1 ? 1 : 0;
    case "max":
      return Math.max(...atom.all.map((one) => evaluate(one, bindings)));
    default: {
      const by = evaluate(atom.by, bindings);
      if (by < 1) throw new StepError("extent-value", `${atom.text} divides by ${by}`);
      const quotient = evaluate(atom.of, bindings) / by;
      return atom.kind === "ceil" ? Math.ceil(quotient) : Math.floor(quotient);
    }
  }
}

function evaluateSum(of: Extent, bindings: Bindings): number {
  const groups = symbolsOf(of).flatMap((name) => {
    const bound = bindings.get(name);
    return bound === undefined || typeof bound === "number" ? [] : [[name, bound] as const];
  });
  if (groups.length === 0) throw unbound(`sum(${of.text})`, false);
  const [first, sizes] = groups[0]!;
  const other = groups.find(([, list]) => list.length !== sizes.length);
  if (other !== undefined) {
    throw new StepError(
      "symbol-unbound",
      `sum(${of.text}) needs as many sizes for ${first} (${sizes.length}) as for ${other[0]} (${other[1].length})`,
    );
  }
  let sum = 0;
  for (let group = 0; group < sizes.length; group++) {
    const inner = new Map(bindings);
    for (const [name, list] of groups) inner.set(name, list[group]!);
    sum = checked(sum + evaluate(of, inner));
  }
  return sum;
}

function unbound(text: string, grouped: boolean): StepError {
  const why = grouped ? "is bound to one size per group, but a single one is needed" : "has no value";
  return new StepError("symbol-unbound", `${text} ${why}: bind it to a number`);
}

/** `extent` with symbols replaced; keys are names. Symbols without an entry stay. */
export function substitute(extent: Extent, replacements: ReadonlyMap<string, Extent>): Extent {
  if (replacements.size === 0) return extent;
  return add(
    ...extent.terms.map(({ coefficient, atoms }) =>
      multiply(coefficient, ...atoms.map((atom) => substituteAtom(atom, replacements))),
    ),
  );
}

function substituteAtom(atom: Atom, replacements: ReadonlyMap<string, Extent>): Extent {
  const whole = replacements.get(atom.text);
  if (whole !== undefined) return whole;
  switch (atom.kind) {
    case "symbol":
      return symbol(atom.name);
    case "sum":
      return sumOverGroups(substitute(atom.of, replacements));
    case "positive":
      return positive(substitute(atom.of, replacements));
    case "max":
      return maximum(...atom.all.map((one) => substitute(one, replacements)));
    case "ceil":
      return ceilDivide(substitute(atom.of, replacements), substitute(atom.by, replacements));
    case "floor":
      return floorDivide(substitute(atom.of, replacements), substitute(atom.by, replacements));
  }
}

/** Names of all symbols in `extent`, each once, in order of first use. */
export function symbolsOf(extent: Extent): string[] {
  const names = new Set<string>();
  const visit = (inner: Extent): void => {
    for (const { atoms } of inner.terms) {
      for (const atom of atoms) {
        if (atom.kind === "symbol") names.add(atom.name);
        else if (atom.kind === "max") atom.all.forEach(visit);
        else {
          visit(atom.of);
          if (atom.kind === "ceil" || atom.kind === "floor") visit(atom.by);
        }
      }
    }
  };
  visit(extent);
  return [...names];
}
